/**
 * What is said, and what happened, line by line: made of the events. Every function answers a new
 * list.
 *
 * @typedef {{seq: number|null, ref: string|null, kind: string, by: string|null, name: string|null,
 *   text: string, position: number|null, at: number, pending?: boolean, failed?: string}} Line
 *   `kind` is chat, joined, back, offline, left, video, host, role, settings, play, pause, seek or
 *   rate; `by` and `name` tell who did it, or about whom it is; `at` is ms since 1970; `ref` is the
 *   command's id of what one has said oneself
 */

import { readMember } from "./members.js";
import { maybe, number, object, shape, text } from "./wire.js";

const KEPT = 2_000;
const QUIET_RETURN = 10_000; // ms: a page that is loaded anew is no news
const COMINGS = new Set(["joined", "back", "offline", "left"]);
const NEWS_OF_A_CROWD = 5;

const said = shape({ text, position: maybe(number), ref: maybe(text) });
const video = shape({ videoUrl: text, videoTitle: maybe(text, "") });
const motion = shape({ position: number, rate: maybe(number) });
const person = shape({ id: text, name: maybe(text), reason: maybe(text, "") });
const host = shape({ id: maybe(text) });
const role = shape({ id: text, role: text });

/**
 * The lines that an event adds. `nameOf` tells the name that belongs to a public id, or null.
 * @returns {Line[]}
 */
export function linesOf(frame, nameOf) {
  if (frame.type === "presence") return ofCrowd(frame, nameOf);
  const make = Object.hasOwn(MAKERS, frame.type) ? MAKERS[frame.type] : null;
  const made = make?.(frame.data, nameOf, frame.userId);
  return made ? [{ ...plain(frame, nameOf), ...made }] : [];
}

/** With the lines of an event, in the order of their numbers. */
export function withLines(lines, added) {
  return added.reduce(withLine, lines).slice(-KEPT);
}

/** With older ones, as the history tells them. */
export function withHistory(lines, older) {
  const known = new Set(lines.map(({ seq, kind }) => `${seq} ${kind}`));
  const missing = older.filter(({ seq, kind }) => !known.has(`${seq} ${kind}`));
  return [...missing, ...lines].sort((one, other) => place(one) - place(other));
}

/** One has said something; it is on its way. */
export function withOwn(lines, { ref, text: what, by, name, at, position }) {
  return [...lines, { seq: null, ref, kind: "chat", by, name, text: what, position, at, pending: true }];
}

/** It has arrived, as the event of that number. */
export function arrived(lines, ref, seq) {
  const isThere = lines.some((line) => line.seq === seq && line.kind === "chat");
  if (isThere) return lines.filter((line) => line.ref !== ref || line.seq !== null);
  const moved = lines.map((line) => (line.ref === ref ? { ...settled(line), seq } : line));
  return moved.sort((one, other) => place(one) - place(other));
}

/** It was refused; `code` says why. */
export function failed(lines, ref, code) {
  return lines.map((line) => (line.ref === ref ? { ...settled(line), failed: code } : line));
}

/** It is tried again, or given up. */
export function tried(lines, ref) {
  return lines.map((line) => (line.ref === ref ? { ...settled(line), pending: true } : line));
}

export function dropped(lines, ref) {
  return lines.filter((line) => line.ref !== ref);
}

function settled(line) {
  const { pending, failed: reason, ...rest } = line;
  return rest;
}

/** What has no number yet comes last. */
function place(line) {
  return line.seq ?? Infinity;
}

function withLine(lines, line) {
  if (line.kind === "chat") return withChat(lines, line);
  if (line.kind === "joined") return withComing(lines, line);
  const last = lines.findLast((one) => one.seq !== null);
  const isSame = line.kind === "seek" && last?.kind === "seek" && last.by === line.by;
  return inserted(isSame ? lines.filter((one) => one !== last) : lines, line);
}

function withChat(lines, line) {
  const others = lines.filter((one) => {
    return !(line.ref !== null && one.ref === line.ref) && !(one.seq === line.seq && one.kind === "chat");
  });
  return inserted(others, line);
}

/** Before what is still on its way. */
function inserted(lines, line) {
  const index = lines.findIndex((one) => one.seq === null);
  return index < 0 ? [...lines, line] : lines.toSpliced(index, 0, line);
}

/** Who was away for a moment only has never been away. */
function withComing(lines, line) {
  const last = lines.findLast((one) => one.by === line.by && COMINGS.has(one.kind));
  if (last?.kind !== "offline") return inserted(lines, line);
  if (line.at - last.at < QUIET_RETURN) return lines.filter((one) => one !== last);
  return inserted(lines, { ...line, kind: "back" });
}

function plain(frame, nameOf) {
  return {
    seq: frame.seq, ref: null, kind: frame.type, by: frame.userId,
    name: nameOf(frame.userId), text: "", position: null,
    at: Date.parse(frame.timestamp ?? "") || 0,
  };
}

/** In a room of many, comings and goings are no news. */
function ofCrowd(frame, nameOf) {
  const { joined = [], offline = [], left = [] } = frame.data;
  if (joined.length + offline.length + left.length > NEWS_OF_A_CROWD) return [];
  const each = (type, all) => all.flatMap((data) => linesOf({ ...frame, type, data }, nameOf));
  return [
    ...each("user_joined", joined), ...each("user_offline", offline), ...each("user_left", left),
  ];
}

function chat(data) {
  const { text: what, position, ref } = said(data);
  return { text: what, position, ref };
}

/** A place that was taken over REST is news when its member comes. */
function joined(data) {
  const { id, name, isOnline } = readMember(data);
  return isOnline ? { kind: "joined", by: id, name } : null;
}

function about(kind) {
  return (data, nameOf) => {
    const { id, name, reason } = person(data);
    return { kind, by: id, name: name ?? nameOf(id), text: reason };
  };
}

function changedVideo(data) {
  const { videoUrl, videoTitle } = video(data);
  return { kind: "video", text: videoTitle || videoUrl, position: 0 };
}

/** What the server does to the video of itself (a wait is over, its clock was set) is no news. */
function moved(data, nameOf, by) {
  const { position, rate } = motion(data);
  return by && { position, text: rate === null ? "" : String(rate) };
}

function crowned(data, nameOf) {
  const { id } = host(data);
  return id ? { kind: "host", by: id, name: nameOf(id) } : null;
}

function gaveRole(data, nameOf) {
  const { id, role: given } = role(data);
  return { kind: "role", by: id, name: nameOf(id), text: given };
}

function settledRoom(data) {
  const { control = "", wait = "" } = shape({ settings: object })(data).settings;
  return { kind: "settings", text: `${control} ${wait}`.trim() };
}

const MAKERS = {
  chat,
  user_joined: joined,
  user_offline: about("offline"),
  user_left: about("left"),
  video_changed: changedVideo,
  play: moved,
  pause: moved,
  seek: moved,
  rate: moved,
  host_changed: crowned,
  role_changed: gaveRole,
  settings_changed: settledRoom,
};
