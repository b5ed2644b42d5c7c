/** A real server for a test: `manage.py serve` with a database of its own, removed afterwards. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PYTHON = process.env.SYNCPLAY_PYTHON ?? join(ROOT, ".venv", "bin", "python");
const START = 60_000; // ms

export class Server {
  #folder = mkdtempSync(join(tmpdir(), "syncplay-web-"));
  #child = null;
  #written = "";
  port = 0;

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  async start() {
    if (!this.port) {
      this.port = await freePort();
      await this.#run("migrate", "--verbosity", "0");
    }
    this.#child = this.#spawn("serve", "--port", String(this.port));
    await this.#answers();
  }

  /** As an operator does it: everybody is told to come back. */
  async stop() {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    await gone;
  }

  async remove() {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #run(...words) {
    const [code] = await once(this.#spawn(...words), "exit");
    if (code !== 0) throw new Error(`manage.py ${words[0]} failed:\n${this.#written}`);
  }

  #spawn(...words) {
    const child = spawn(PYTHON, ["manage.py", ...words], { cwd: ROOT, env: this.#environment() });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (bytes) => { this.#written += bytes; });
    }
    return child;
  }

  #environment() {
    return {
      ...process.env,
      SECRET_KEY: "for one test only, and for nothing that anybody could reach from outside",
      DEBUG: "True", ALLOWED_HOSTS: "127.0.0.1", RATE_LIMITS: "off", REDIS_URL: "",
      DB_NAME: "", DB_USER: "", DB_PASSWORD: "", DB_HOST: "", DB_PORT: "",
      SQLITE_PATH: join(this.#folder, "test.sqlite3"), LOG_FILE: join(this.#folder, "server.log"),
    };
  }

  async #answers() {
    const deadline = Date.now() + START;
    while (Date.now() < deadline && this.#child.exitCode === null) {
      const response = await fetch(`${this.url}/api/health/`).catch(() => null);
      if (response?.ok) return;
      await pause(50);
    }
    throw new Error(`the server did not come up:\n${this.#written}`);
  }
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}
