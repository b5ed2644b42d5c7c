import { byId, setText, show } from "../dom.js";

const PATIENCE = 1_500; // ms: a blink is not worth a banner

/** The connection is gone: since when it is tried again, and a button for the impatient. */
export class Banner {
  #parts;
  #goneAt = null;

  /** @param {{session, texts}} parts */
  constructor(parts) {
    this.#parts = parts;
    byId("banner-now").addEventListener("click", () => parts.session.retryNow());
  }

  render({ link }) {
    const isGone = link.state === "waiting" || link.state === "offline" || link.state === "connecting";
    this.#goneAt = isGone ? (this.#goneAt ?? performance.now()) : null;
    this.tick();
  }

  tick() {
    const { session, texts } = this.#parts;
    const { link, room } = session.view;
    const isLong = this.#goneAt !== null && performance.now() - this.#goneAt > PATIENCE;
    const isShown = isLong && room !== null && link.state !== "ended";
    show(byId("banner"), isShown);
    if (isShown) setText(byId("banner-text"), bannerText(link, Date.now(), texts));
  }
}

export function bannerText({ state, retryAt }, now, texts) {
  if (state === "offline") return texts.say("link_offline");
  const seconds = retryAt === null ? 0 : Math.ceil((retryAt - now) / 1000);
  if (state !== "waiting" || seconds <= 0) return texts.say("link_connecting");
  return texts.say("link_waiting", { seconds: texts.number(seconds) });
}
