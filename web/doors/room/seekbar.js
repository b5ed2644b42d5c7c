import { duration as written } from "../../domain/text.js";
import { byId, make, setAttribute, show } from "../dom.js";

const STEP = 5; // s: what an arrow does

/** The timeline: what is loaded, where the room is, and a slider to go elsewhere. */
export class SeekBar {
  #parts;
  #slider = byId("seek");
  #place = byId("timeline");
  #hover = byId("hover-time");
  #isHeld = false;
  #spans = "";

  /** @param {{session, screen, texts, deeds}} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#slider.addEventListener("input", () => this.#drag());
    this.#slider.addEventListener("change", () => this.#release());
    this.#slider.addEventListener("keydown", (event) => this.#key(event));
    this.#place.addEventListener("pointermove", (event) => this.#point(event));
    this.#place.addEventListener("pointerleave", () => show(this.#hover, false));
  }

  render(view) {
    const length = this.#length();
    const isUsable = Boolean(view.me?.mayControl) && length !== null;
    if (this.#slider.disabled === isUsable) this.#slider.disabled = !isUsable;
    setAttribute(this.#slider, "max", length ?? 1);
    this.tick();
  }

  tick() {
    if (this.#isHeld) return;
    const length = this.#length();
    const position = Math.min(this.#parts.session.positionNow(), length ?? Infinity);
    this.#slider.value = String(length === null ? 0 : position);
    this.#showAt(position);
    this.#showLoaded(length);
  }

  #length() {
    return this.#parts.screen.player?.duration() ?? null;
  }

  #drag() {
    const position = Number(this.#slider.value);
    this.#isHeld = true;
    this.#showAt(position);
    this.#hoverAt(position / this.#length());
  }

  /** Only where it is let go: on the way there nobody else wants to be. */
  #release() {
    this.#isHeld = false;
    show(this.#hover, false);
    this.#parts.deeds.seek(Number(this.#slider.value));
  }

  /** By the room's place and not by the slider's: two quick presses are ten seconds. */
  #key(event) {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP, ArrowDown: -STEP, ArrowUp: STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    this.#parts.deeds.jump(step);
  }

  #showAt(position) {
    const length = this.#length();
    const { texts } = this.#parts;
    const played = length ? position / length : 0;
    this.#place.style.setProperty("--played", played.toFixed(5));
    const value = { position: written(position), duration: written(length ?? NaN) };
    setAttribute(this.#slider, "aria-valuetext", texts.say("seek_value", value));
  }

  #showLoaded(length) {
    const ranges = this.#parts.screen.player?.buffered() ?? [];
    const spans = JSON.stringify([length, ranges.map((range) => range.map(Math.round))]);
    if (spans === this.#spans) return;
    this.#spans = spans;
    const made = length ? ranges.map(([from, to]) => span(from / length, to / length)) : [];
    byId("buffered").replaceChildren(...made);
  }

  #point(event) {
    const length = this.#length();
    const box = this.#place.getBoundingClientRect();
    if (length === null || event.pointerType === "touch" || !box.width) return;
    this.#hoverAt(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)));
  }

  #hoverAt(at) {
    this.#place.style.setProperty("--at", at.toFixed(4));
    this.#hover.textContent = written(at * this.#length());
    show(this.#hover, true);
  }
}

function span(from, to) {
  const element = make("span");
  element.style.left = `${from * 100}%`;
  element.style.width = `${(to - from) * 100}%`;
  return element;
}
