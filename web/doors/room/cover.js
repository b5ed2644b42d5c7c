import { byId, make, setAttribute, setText, show } from "../dom.js";
import { coverOf, namesOf, reasonOf } from "./covering.js";

const SHORT = 400; // ms: a moment of loading is not worth a word

/** What is said over the picture: no video, waiting for somebody, a tap is needed, a fault. */
export class Cover {
  #parts;
  #element = byId("cover");
  #shown = null;
  #delay = 0;

  /** @param {{session, screen, texts, openVideoDialog: () => void}} parts */
  constructor(parts) {
    this.#parts = parts;
    byId("sound-tap").addEventListener("click", () => parts.screen.allow());
  }

  render(view) {
    const cover = this.#coverOf(view);
    const isSilenced = Boolean(this.#parts.screen.player?.sound.isSilenced()) && cover?.say !== "tap";
    show(byId("sound-tap"), isSilenced);
    this.#showSoon(cover, view);
  }

  #showSoon(cover, view) {
    const isNew = cover?.say !== this.#shown?.say;
    if (isNew && cover?.isTurning) {
      this.#delay ||= setTimeout(() => this.#showNow(), SHORT);
      return;
    }
    this.#stopWaiting();
    this.#show(cover, view);
  }

  /** What is to be said by then, which may be something else. */
  #showNow() {
    const { session } = this.#parts;
    this.#stopWaiting();
    this.#show(this.#coverOf(session.view), session.view);
  }

  #stopWaiting() {
    clearTimeout(this.#delay);
    this.#delay = 0;
  }

  #coverOf(view) {
    const { player, lack } = this.#parts.screen;
    const fault = player?.failure ? reasonOf(player.failure.code, view.room?.video.url ?? "", location.protocol) : null;
    return coverOf(view, { lack, state: player?.state() ?? null, fault });
  }

  #show(cover, view) {
    show(this.#element, cover !== null);
    setAttribute(byId("screen"), "data-cover", cover?.say ?? "none");
    if (!cover) {
      this.#shown = null;
      return;
    }
    const text = this.#text(cover, view);
    show(byId("cover-spinner"), Boolean(cover.isTurning));
    setText(byId("cover-text"), text);
    const mayControl = Boolean(view.me?.mayControl);
    const is = { say: cover.say, code: cover.code, mayControl };
    if (JSON.stringify(is) !== JSON.stringify(this.#shown)) this.#showButtons(is);
    this.#shown = is;
  }

  #text({ say, code }, view) {
    const { texts } = this.#parts;
    const { room, me } = view;
    if (say === "no_video") return noVideo(view, texts);
    if (say === "unknown") return texts.say("video_unknown");
    if (say === "fault") return texts.say(texts.has(`fault_${code}`) ? `fault_${code}` : "fault_decode");
    if (say === "tap") return texts.say("blocked_text");
    if (say !== "waiting") return texts.say("video_loading");
    const names = namesOf(room.members, room.waiting.for, me, texts);
    return `${texts.say("waiting_for", { names })} · ${this.#remaining(room.waiting)}`;
  }

  #remaining({ until }) {
    const seconds = Math.max(0, Math.ceil((until - this.#parts.session.now()) / 1000));
    return this.#parts.texts.say("waiting_seconds", { seconds: this.#parts.texts.number(seconds) });
  }

  /** Buttons are made anew only where others are needed: the focus stays where it is. */
  #showButtons({ say, mayControl }) {
    const { screen, session, openVideoDialog } = this.#parts;
    const change = [mayControl, "video_change", openVideoDialog];
    const offers = {
      no_video: [[mayControl, "video_choose", openVideoDialog]],
      unknown: [change],
      fault: [[true, "fault_again", () => screen.retry()], change],
      tap: [[true, "blocked_tap", () => screen.allow()]],
      waiting: [[mayControl, "waiting_go_on", () => session.play().catch(this.#parts.refused)]],
    };
    const buttons = (offers[say] ?? []).filter(([isOffered]) => isOffered);
    byId("cover-buttons").replaceChildren(...buttons.map(([, key, act], index) => this.#button(key, act, index)));
  }

  #button(key, act, index) {
    const look = index === 0 ? "button primary" : "button";
    return make("button", { class: look, type: "button", onclick: act }, this.#parts.texts.say(key));
  }
}

function noVideo({ room, me }, texts) {
  if (me?.mayControl) return texts.say("video_none");
  const host = room.members.find(({ isHost }) => isHost);
  return host ? texts.say("video_none_for_viewer", { name: host.name }) : texts.say("video_none_for_anyone");
}
