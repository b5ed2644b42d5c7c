import { MediaPlayer, createVideoElement } from "./media.js";

/** MP4, WebM and whatever else the browser plays by itself. */
export function createFilePlayer(place, url) {
  const player = new MediaPlayer("file", createVideoElement(place));
  player.element.src = url;
  return player;
}
