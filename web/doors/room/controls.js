import { duration as written } from "../../domain/text.js";
import { byId, setAttribute, setText, show } from "../dom.js";

/** What the buttons and the keys do. Who may not is told why, and nothing else happens. */
export class Deeds {
  #parts;

  /** @param {{session, screen, texts, toasts, refused: (refusal: object) => void}} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  playOrPause() {
    const { session } = this.#parts;
    const isGoing = session.view.room?.timeline.playing;
    this.#do(() => (isGoing ? session.pause() : session.play()));
  }

  jump(seconds) {
    this.seek(this.#parts.session.positionNow() + seconds);
  }

  seek(position) {
    const end = this.#parts.screen.player?.duration() ?? Infinity;
    const wanted = Math.min(Math.max(0, position), end);
    this.#do(() => this.#parts.session.seek(Math.round(wanted * 1000) / 1000));
  }

  setRate(rate) {
    this.#do(() => this.#parts.session.setRate(rate));
  }

  /** Why one may not. */
  explain() {
    const { session, toasts, texts } = this.#parts;
    toasts.tell(whyLocked(session.view, texts));
  }

  #do(deed) {
    const { session, refused } = this.#parts;
    if (!session.view.room?.video.url) return;
    if (session.view.me?.mayControl) deed().catch(refused);
    else this.explain();
  }
}

export function whyLocked({ room }, texts) {
  if (room?.settings.control === "moderators") return texts.say("locked_moderators");
  const host = room?.members.find(({ isHost }) => isHost);
  return host ? texts.say("locked_host", { name: host.name }) : texts.say("locked_nobody");
}

/** The buttons for all, and the time. */
export class Controls {
  #parts;
  #play = byId("play");

  constructor(parts) {
    this.#parts = parts;
    const { deeds } = parts;
    this.#play.addEventListener("click", () => deeds.playOrPause());
    byId("locked").addEventListener("click", () => deeds.explain());
    byId("back").addEventListener("click", () => deeds.jump(-10));
    byId("forward").addEventListener("click", () => deeds.jump(10));
  }

  render(view) {
    const { texts, icons } = this.#parts;
    const isPlaying = Boolean(view.room?.timeline.playing);
    const mayControl = Boolean(view.me?.mayControl);
    icons.change(this.#play, isPlaying ? "pause" : "play");
    setAttribute(this.#play, "aria-label", texts.say(isPlaying ? "pause" : "play"));
    for (const button of [this.#play, byId("back"), byId("forward")]) {
      setAttribute(button, "aria-disabled", !mayControl);
    }
    show(byId("locked"), Boolean(view.me) && !mayControl);
    setText(byId("locked-text"), whyLocked(view, texts));
    this.tick();
  }

  /** What moves by itself. */
  tick() {
    const { session, screen } = this.#parts;
    const length = screen.player?.duration() ?? null;
    const now = session.positionNow();
    setText(byId("time-now"), written(length === null ? now : Math.min(now, length)));
    setText(byId("time-all"), length === null ? "" : ` / ${written(length)}`);
  }
}
