const LINES_FROM_THE_END = -3;

/**
 * Subtitles of a `<video>`. They go through a blob: a `<track>` of another host would want the
 * video itself to be fetched with CORS, which most hosts of videos do not answer.
 */
export class Subtitles {
  #video;
  #track = null;

  constructor(video) {
    this.#video = video;
  }

  isShown() {
    return this.#track !== null;
  }

  /** @param {string} text WebVTT, or SRT as it lies on disks */
  show(text, label) {
    this.remove();
    const track = document.createElement("track");
    track.kind = "subtitles";
    track.label = label;
    track.src = URL.createObjectURL(new Blob([asWebVtt(text)], { type: "text/vtt" }));
    track.addEventListener("load", () => showLifted(track.track));
    this.#video.append(track);
    track.track.mode = "hidden"; // it is loaded, and its places are set before it is seen
    this.#track = track;
  }

  remove() {
    if (!this.#track) return;
    URL.revokeObjectURL(this.#track.src);
    this.#track.remove();
    this.#track = null;
  }
}

/** Above the controls, which lie at the bottom; what has a place of its own stays there. */
function showLifted(track) {
  for (const cue of track.cues ?? []) if (cue.line === "auto") cue.line = LINES_FROM_THE_END;
  track.mode = "showing";
}

/** SRT differs from WebVTT by its missing head and by the comma in its times. */
export function asWebVtt(text) {
  const clean = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  if (clean.startsWith("WEBVTT")) return clean;
  const times = /(\d{1,2}:\d{2}:\d{2}),(\d{3})/g;
  return `WEBVTT\n\n${clean.replace(times, "$1.$2")}`;
}

export const looksLikeSubtitles = (text) => text.includes("-->");
