import { createFilePlayer } from "./file.js";
import { recognise } from "../../domain/addresses.js";

/**
 * The player for an address, put into `place`. Embedded players and HLS cost a download of their
 * own, so they are fetched by whoever watches such a video, and by nobody else.
 *
 * @param {string} address
 * @param {HTMLElement} place
 * @returns {Promise<object|null>} null where nothing can play it
 */
export async function openPlayer(address, place) {
  const video = recognise(address);
  switch (video?.kind) {
    case "file":
      return createFilePlayer(place, video.url);
    case "hls":
      return (await import("./hls.js")).createHlsPlayer(place, video.url);
    case "youtube":
      return (await import("./youtube.js")).createYouTubePlayer(place, video);
    case "vimeo":
      return (await import("./vimeo.js")).createVimeoPlayer(place, video);
    default:
      return null;
  }
}
