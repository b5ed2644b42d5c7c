/**
 * What an address from the address bar leads to.
 *
 * @typedef {{kind: "file"|"hls"|"youtube"|"vimeo", url: string, id: string|null,
 *   start: number, hash: string|null}} Video
 *   `url` is what the room is told; `start` (s) is where the address wants to begin; `hash` lets
 *   in to a Vimeo video that is not listed
 */

import { URL_LENGTH } from "./limits.js";

const YOUTUBE = /(^|\.)(youtube\.com|youtube-nocookie\.com|youtu\.be)$/;
const YOUTUBE_PATH = /^\/(?:embed|shorts|live|v|e)\/([\w-]{11})(?:\/|$)/;
const YOUTUBE_ID = /^[\w-]{11}$/;
const VIMEO = /(^|\.)vimeo\.com$/;
const VIMEO_PATH = /^(?:\/(?:video|channels\/[^/]+|groups\/[^/]+\/videos|album\/\d+\/video|showcase\/\d+\/video))?\/(\d+)(?:\/([0-9a-f]+))?\/?$/;
const CLOCK_TIME = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/;
// As people type it: a host with a dot, and a path.
const WITHOUT_SCHEME = /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+(:\d+)?\//u;

/** @returns {Video|null} null: no address that a player could open */
export function recognise(text) {
  const address = parse(text);
  if (!address) return null;
  const host = address.hostname.toLowerCase();
  if (YOUTUBE.test(host)) return youtube(address, host);
  if (VIMEO.test(host)) return vimeo(address);
  const isList = /\.m3u8$/i.test(address.pathname);
  return video(isList ? "hls" : "file", address.href, { start: fragmentStart(address) });
}

function parse(text) {
  const trimmed = text.trim();
  const whole = WITHOUT_SCHEME.test(trimmed) ? `https://${trimmed}` : trimmed;
  const address = webAddress(whole);
  return address && address.href.length <= URL_LENGTH ? address : null;
}

/**
 * An address of the web, http or https, or null. A name before an @ makes a stranger's address look
 * like a friend's: that is none.
 * @returns {URL|null}
 */
export function webAddress(text) {
  try {
    const address = new URL(text);
    const isFine = /^https?:$/.test(address.protocol) && !address.username && !address.password;
    return isFine ? address : null;
  } catch {
    return null;
  }
}

function video(kind, url, { id = null, start = 0, hash = null } = {}) {
  return { kind, url, id, start, hash };
}

/** A page of YouTube that shows no single video (a channel, a search) is nothing to watch. */
function youtube(address, host) {
  const { pathname, searchParams } = address;
  const [, first] = pathname.split("/");
  const path = pathname.match(YOUTUBE_PATH)?.[1];
  const id = host.endsWith("youtu.be") ? first : (path ?? searchParams.get("v"));
  if (!YOUTUBE_ID.test(id ?? "")) return null;
  const start = clockTime(searchParams.get("t") ?? searchParams.get("start"));
  return video("youtube", `https://www.youtube.com/watch?v=${id}`, { id, start });
}

function vimeo(address) {
  const [, id, inPath = null] = address.pathname.match(VIMEO_PATH) ?? [];
  if (!id) return null;
  const hash = inPath ?? address.searchParams.get("h");
  const url = `https://vimeo.com/${id}${hash ? `/${hash}` : ""}`;
  return video("vimeo", url, { id, hash, start: fragmentStart(address) });
}

/** A media fragment: …/film.mp4#t=90 */
function fragmentStart(address) {
  return clockTime(new URLSearchParams(address.hash.slice(1)).get("t"));
}

/** 90, 90s, 1m30s, 1h2m3s; in seconds. */
function clockTime(written) {
  const found = (written ?? "").match(CLOCK_TIME);
  if (!found) return 0;
  const [hours, minutes, seconds] = found.slice(1).map((digits) => Number(digits ?? 0));
  return hours * 3600 + minutes * 60 + seconds;
}
