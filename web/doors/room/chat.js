import { arrange, byId, setText, show } from "../dom.js";
import { LineMaker } from "./line.js";

const NEAR = 60; // px from the end: whoever is there reads along

/** What is said, and what happened. Whoever reads further up is left there. */
export class Chat {
  #parts;
  #maker;
  #place = byId("lines");
  #list = byId("line-list");
  #made = new Map(); // line → its element: lines are values, so the same line is the same element
  #lines = [];
  #unread = 0;
  #mayControl = false;

  constructor(parts) {
    this.#parts = parts;
    this.#maker = new LineMaker(parts);
    byId("newest").addEventListener("click", () => this.toNewest());
    byId("older").addEventListener("click", () => this.#loadOlder());
    this.#place.addEventListener("scroll", () => this.#isAtEnd() && this.#markRead());
  }

  /** @param {boolean} isLookedAt whether the chat is on the screen */
  render(view, isLookedAt) {
    show(byId("older"), view.hasOlder);
    show(byId("chat-empty"), view.lines.length === 0);
    const mayControl = Boolean(view.me?.mayControl);
    if (mayControl !== this.#mayControl) this.#made.clear(); // the stamps become buttons, or no more
    if (view.lines !== this.#lines || mayControl !== this.#mayControl) {
      this.#mayControl = mayControl;
      this.#showLines(view, isLookedAt);
    }
    if (isLookedAt && this.#isAtEnd()) this.#markRead();
    this.#showUnread();
  }

  toNewest() {
    this.#place.scrollTop = this.#place.scrollHeight;
    this.#markRead();
    this.#showUnread();
  }

  #showLines({ lines, me }, isLookedAt) {
    const isReadingAlong = this.#isAtEnd();
    const added = lines.filter((line) => isNewTo(this.#lines, line) && line.kind === "chat");
    const isOwn = added.some(({ by }) => by === me?.id);
    const isFirstTime = this.#lines.length === 0;
    this.#lines = lines;
    arrange(this.#list, this.#elements(lines));
    if (isReadingAlong || isOwn) this.toNewest();
    if (!(isReadingAlong && isLookedAt) && !isFirstTime) {
      this.#unread += added.filter(({ by }) => by !== me?.id).length;
    }
  }

  #elements(lines) {
    const made = new Map();
    lines.forEach((line, index) => {
      const isFirst = !isContinued(lines[index - 1], line);
      const known = this.#made.get(line);
      made.set(line, known?.isFirst === isFirst ? known : { isFirst, element: this.#maker.make(line, isFirst) });
    });
    this.#made = made;
    return [...made.values()].map(({ element }) => element);
  }

  async #loadOlder() {
    const before = this.#place.scrollHeight;
    await this.#parts.session.loadOlder().catch(this.#parts.refused);
    this.#place.scrollTop += this.#place.scrollHeight - before;
  }

  #isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#place;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  #markRead() {
    this.#unread = 0;
    this.#showUnread();
  }

  #showUnread() {
    const { texts } = this.#parts;
    show(byId("newest"), this.#unread > 0);
    show(byId("unread"), this.#unread > 0);
    setText(byId("unread"), String(this.#unread));
    setText(byId("newest").lastElementChild, texts.count("chat_unread", this.#unread));
  }
}

function isNewTo(lines, line) {
  return !lines.some((known) => known.seq === line.seq && known.ref === line.ref && known.kind === line.kind);
}

const SAME_BREATH = 120_000; // ms

/** Whether it goes on with what the same person has just said. */
export function isContinued(before, line) {
  return before?.kind === "chat" && line.kind === "chat" && before.by === line.by
    && line.at - before.at < SAME_BREATH;
}
