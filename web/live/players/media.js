import { createEmitter } from "./emitter.js";
import { Sound } from "./sound.js";
import { Subtitles } from "./subtitles.js";

const END_MARGIN = 0.5; // s: so near the end no video has "future data" any more
const SAME_STRETCH = 0.1; // s: browsers leave gaps of this size between what is one stretch

const CHANGES = [
  "canplay", "durationchange", "ended", "loadeddata", "loadedmetadata", "pause", "playing",
  "progress", "ratechange", "seeked", "seeking", "stalled", "suspend", "waiting",
];

const FAULTS = { 2: "network", 3: "decode", 4: "unsupported" };

/** A bare `<video>` in `place`: no controls of its own, and it plays inside the page on phones. */
export function createVideoElement(place) {
  const video = document.createElement("video");
  video.playsInline = true;
  video.preload = "auto";
  video.preservesPitch = true;
  video.tabIndex = -1;
  video.disableRemotePlayback = true;
  place.replaceChildren(video);
  return video;
}

/** A `<video>` that is driven from outside: what files and HLS have in common. */
export class MediaPlayer {
  canFineTune = true;
  failure = null;
  title = null; // a bare file has none
  #emitter = createEmitter();
  #wanted = false; // whether it was told to play
  #blocked = false;

  constructor(kind, video) {
    this.kind = kind;
    this.element = video;
    this.sound = new Sound(
      {
        setVolume: (volume) => { video.volume = volume; },
        setMuted: (muted) => { video.muted = muted; },
      },
      () => this.#changed(),
    );
    this.subtitles = new Subtitles(video);
    for (const event of CHANGES) video.addEventListener(event, () => this.#changed());
    video.addEventListener("error", () => this.#fault());
  }

  on(event, listener) {
    return this.#emitter.on(event, listener);
  }

  async start() {
    this.#wanted = true;
    try {
      await this.#play();
    } catch (error) {
      if (error.name !== "NotAllowedError") throw error;
      await this.#startSilently();
    }
  }

  /** To be called by a tap or a key: browsers allow sound then. */
  async allow() {
    this.#blocked = false;
    this.sound.restore();
    await this.#play().catch(() => this.sound.silence());
    if (!this.#wanted) this.element.pause();
    this.#changed();
  }

  stop() {
    this.#wanted = false;
    this.element.pause();
  }

  seek(position) {
    this.element.currentTime = position;
  }

  setRate(rate) {
    this.element.playbackRate = rate;
  }

  position() {
    return this.element.currentTime;
  }

  duration() {
    return Number.isFinite(this.element.duration) ? this.element.duration : null;
  }

  rate() {
    return this.element.playbackRate;
  }

  isPlaying() {
    return !this.element.paused && !this.element.ended;
  }

  buffered() {
    return stretches(this.element.buffered);
  }

  ahead() {
    const here = this.position();
    const stretch = this.buffered().find(([from, to]) => from <= here + SAME_STRETCH && here < to);
    return stretch ? stretch[1] - here : 0;
  }

  state() {
    if (this.failure) return "failed";
    if (this.#blocked) return "blocked";
    return stateOf(this.element);
  }

  /** The rates that it can play at; null: any. */
  rates() {
    return null;
  }

  qualities() {
    return [];
  }

  quality() {
    return null;
  }

  setQuality() {}

  fail(code, message = "") {
    if (this.failure) return;
    this.failure = { code, message };
    this.#emitter.emit("failed", this.failure);
    this.#changed();
  }

  destroy() {
    this.#emitter.clear();
    this.subtitles.remove();
    this.element.pause();
    this.element.removeAttribute("src");
    this.element.load();
    this.element.remove();
  }

  async #play() {
    try {
      await this.element.play();
      this.#blocked = false;
    } catch (error) {
      if (error.name === "AbortError") return; // it was told to stop meanwhile
      if (this.element.error) return; // told as a failure
      throw error;
    }
  }

  async #startSilently() {
    this.sound.silence();
    try {
      await this.#play();
    } catch (error) {
      this.#blocked = error.name === "NotAllowedError";
      this.#changed();
      throw error;
    }
  }

  #fault() {
    const { error } = this.element;
    if (error) this.fail(FAULTS[error.code] ?? "unsupported", error.message);
  }

  #changed() {
    this.#emitter.emit("change");
  }
}

export function stateOf(video) {
  if (video.ended) return "ended";
  if (video.readyState < HTMLMediaElement.HAVE_METADATA) return "loading";
  return isShort(video) ? "buffering" : "ready";
}

/** Whether it could not go on right now. One that waits for a gesture before it loads more can. */
function isShort(video) {
  if (video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) return false;
  if (video.duration - video.currentTime < END_MARGIN) return false;
  return !(video.paused && video.networkState === HTMLMediaElement.NETWORK_IDLE);
}

function stretches(times) {
  return Array.from({ length: times.length }, (_, i) => [times.start(i), times.end(i)]);
}
