import { MediaPlayer, createVideoElement } from "./media.js";

const AUTOMATIC = -1;
const RECOVERIES = 3; // faults of the decoder in a row that are worth another try

/**
 * HLS: hls.js first, the browser's own second. Chromium says "maybe" to HLS and then fails with
 * some streams, so what it says is not asked before hls.js is.
 */
export async function createHlsPlayer(place, url) {
  const { default: Hls } = await import("../../vendor/hls.js/hls.light.min.js");
  const video = createVideoElement(place);
  if (Hls.isSupported()) return new HlsPlayer(Hls, video, url);
  const player = new MediaPlayer("hls", video);
  if (video.canPlayType("application/vnd.apple.mpegurl")) video.src = url;
  else player.fail("unsupported");
  return player;
}

class HlsPlayer extends MediaPlayer {
  #hls;
  #recoveries = 0;

  constructor(Hls, video, url) {
    super("hls", video);
    // Its own chase after a live edge would fight with the room's.
    this.#hls = new Hls({ maxLiveSyncPlaybackRate: 1, maxBufferLength: 30 });
    this.#hls.on(Hls.Events.ERROR, (_, error) => error.fatal && this.#mend(Hls, error));
    this.#hls.on(Hls.Events.FRAG_BUFFERED, () => {
      this.#recoveries = 0;
    });
    this.#hls.loadSource(url);
    this.#hls.attachMedia(video);
  }

  qualities() {
    return this.#hls.levels.map(({ height, bitrate }, id) => ({ id, height, bitrate }));
  }

  /** The chosen one; null: by the line's speed. */
  quality() {
    return this.#hls.autoLevelEnabled ? null : this.#hls.nextLevel;
  }

  setQuality(id) {
    this.#hls.nextLevel = id ?? AUTOMATIC;
  }

  destroy() {
    this.#hls.destroy();
    super.destroy();
  }

  #mend(Hls, error) {
    if (error.type === Hls.ErrorTypes.MEDIA_ERROR && this.#recoveries < RECOVERIES) {
      this.#recoveries += 1;
      this.#hls.recoverMediaError();
      return;
    }
    this.fail(error.type === Hls.ErrorTypes.NETWORK_ERROR ? "network" : "decode", error.details);
  }
}
