import { recognise } from "../../domain/addresses.js";

/** What to call the video: its title in the room, or where it comes from, or what its address says. */
export function videoName({ url, title }, texts, ownTitle = null) {
  if (title || ownTitle) return title || ownTitle;
  if (!url) return texts.say("video_none");
  const video = recognise(url);
  if (video?.kind === "youtube") return "YouTube";
  if (video?.kind === "vimeo") return "Vimeo";
  return fileName(url) || texts.say("video_untitled");
}

function fileName(url) {
  try {
    const { pathname, hostname } = new URL(url);
    const last = pathname.split("/").filter(Boolean).at(-1);
    return last ? decodeURIComponent(last) : hostname;
  } catch {
    return "";
  }
}

/** The page's title follows the video, so that a tab among many says what runs in it. */
export function pageTitle({ room }, texts, ownTitle = null) {
  if (!room) return document.title;
  const sign = room.timeline.playing ? "▶ " : "";
  const parts = [room.video.url ? videoName(room.video, texts, ownTitle) : null, room.name, "SyncPlay"];
  return sign + parts.filter(Boolean).join(" · ");
}
