import { byId, setText } from "../dom.js";

const TELL_EVERY = 3_000; // ms: the others let "is writing" lapse after ten seconds
const IDLE = 5_000; // ms

/** Where one writes. What was written is never lost: offline it waits in the chat. */
export class Composer {
  #parts;
  #field = byId("say");
  #toldAt = -Infinity;
  #idle = 0;

  /** @param {{session, refused: (refusal: object) => void}} parts */
  constructor(parts) {
    this.#parts = parts;
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#say();
    });
    this.#field.addEventListener("input", () => this.#tell());
  }

  focus() {
    this.#field.focus();
  }

  #say() {
    const text = this.#field.value.trim();
    if (!text) return;
    this.#field.value = "";
    this.#stop();
    // A refusal stands at the line itself, where it can be said again.
    this.#parts.session.say(text).catch(() => undefined);
  }

  #tell() {
    clearTimeout(this.#idle);
    if (!this.#field.value.trim()) {
      this.#stop();
      return;
    }
    this.#idle = setTimeout(() => this.#stop(), IDLE);
    const now = performance.now();
    if (now - this.#toldAt < TELL_EVERY) return;
    this.#toldAt = now;
    this.#parts.session.typing(true);
  }

  #stop() {
    clearTimeout(this.#idle);
    if (this.#toldAt === -Infinity) return;
    this.#toldAt = -Infinity;
    this.#parts.session.typing(false);
  }
}

/** Who else is writing. */
export function renderTyping({ room, typing, me }, texts) {
  const names = (room?.members ?? [])
    .filter(({ id }) => typing.includes(id) && id !== me?.id)
    .map(({ name }) => name);
  setText(byId("typing"), typingText(names, texts));
}

export function typingText([first, second, ...rest], texts) {
  if (!first) return "";
  if (!second) return texts.say("typing_one", { name: first });
  return rest.length ? texts.say("typing_many") : texts.say("typing_two", { first, second });
}
