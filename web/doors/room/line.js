import { duration as written, partsOf } from "../../domain/text.js";
import { make } from "../dom.js";

/** One line of the talk, as elements. */
export class LineMaker {
  #parts;

  /** @param {{texts, hues, deeds, session, refused: (refusal: object) => void}} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** @param {object} line @param {boolean} isFirst of what its author says in a row */
  make(line, isFirst) {
    return line.kind === "chat" ? this.#chat(line, isFirst) : this.#news(line);
  }

  #news(line) {
    const { texts } = this.#parts;
    const name = line.name ?? texts.say(line.by ? "somebody" : "server");
    const position = line.position === null ? "" : written(line.position);
    const key = line.kind === "video" && !line.text ? "line_video_none" : `line_${line.kind}`;
    return make("li", { class: "line news" }, texts.say(key, { name, position, text: line.text }));
  }

  #chat(line, isFirst) {
    const item = make("li", {
      class: isFirst ? "line first" : "line", "data-pending": String(Boolean(line.pending)), "data-kind": "chat",
    });
    if (isFirst) item.append(this.#head(line));
    const text = make("span", { class: "line-text", dir: "auto" }, ...linked(line.text));
    item.append(text, ...(isFirst ? [] : [" ", this.#stamp(line)].filter(Boolean)));
    if (line.pending) item.append(make("span", { class: "unseen" }, this.#parts.texts.say("chat_pending")));
    if (line.failed) item.append(this.#failure(line));
    return item;
  }

  #head(line) {
    const { texts, hues } = this.#parts;
    const name = make("bdi", { class: "line-name" }, line.name ?? texts.say("somebody"));
    name.style.setProperty("--hue", hues.of(line.by));
    return make("div", { class: "line-head" }, name, this.#stamp(line));
  }

  /** Where the video was; who may control goes there by it. */
  #stamp({ position, at }) {
    const { texts, deeds, session } = this.#parts;
    if (position === null) return make("span", { class: "stamp" });
    const when = texts.timeOfDay(at);
    const shown = written(position);
    if (!session.view.me?.mayControl) return make("span", { class: "stamp", title: when }, shown);
    const label = texts.say("seek_to", { position: shown });
    return make("button", {
      class: "stamp", type: "button", title: when, "aria-label": label, onclick: () => deeds.seek(position),
    }, shown);
  }

  #failure(line) {
    const { texts, session, refused } = this.#parts;
    const why = texts.refusal({ code: line.failed });
    const again = () => session.sayAgain(line.ref).catch(refused);
    return make(
      "div",
      { class: "line-failed" },
      `${texts.say("chat_failed")}: ${why}`,
      make("button", { class: "button small", type: "button", onclick: again }, texts.say("chat_again")),
      make(
        "button",
        { class: "button plain small", type: "button", onclick: () => session.discard(line.ref) },
        texts.say("chat_discard"),
      ),
    );
  }
}

/** Plain text with its links, which lead out of here and tell nobody where from. */
export function linked(text) {
  return partsOf(text).map(({ text: shown, href }) => {
    return href ? make("a", { href, target: "_blank", rel: "noopener noreferrer nofollow ugc" }, shown) : shown;
  });
}
