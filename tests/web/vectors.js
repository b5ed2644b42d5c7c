import { readFileSync } from "node:fs";

/** What the server, the Python client and the page are all held to. */
export function vectors(name) {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));
}
