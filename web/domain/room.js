/**
 * A room as a client has it, and what each event makes of it: the twin of the server's `apply`.
 *
 * Every numbered event is one further than the last. What was seen already is passed over, and
 * where one is missing nothing is guessed: `Gap` says so, and the room is asked for anew.
 *
 * @typedef {{id: string, name: string, epoch: string, seq: number, hostId: string|null,
 *   video: {url: string, title: string}, timeline: import("./timeline.js").Timeline,
 *   settings: object, visibility: string, hasPassword: boolean,
 *   members: import("./members.js").Member[], statuses: Object<string, object>,
 *   waiting: {for: string[], since: number, until: number}|null, isClosed: boolean}} Room
 */

import { changed, crowned, readMember, withMember, without } from "./members.js";
import { STILL } from "./timeline.js";
import { flag, listOf, maybe, number, object, shape, text } from "./wire.js";

/** Events between the last one seen and this one are missing. */
export class Gap extends Error {
  name = "Gap";
}

const NO_VIDEO = Object.freeze({ url: "", title: "" });

const wait = shape({ for: listOf(text), since: number, until: number });
const snapshot = shape({
  id: text,
  current_position: number,
  position_at: number, // in the future while a play is scheduled
  is_playing: flag,
  seq: maybe(number, 0),
  epoch: maybe(text, ""),
  name: maybe(text, ""),
  host_id: maybe(text),
  current_video_url: maybe(text, ""),
  current_video_title: maybe(text, ""),
  playback_rate: maybe(number, 1),
  users: maybe(listOf(readMember), []),
  settings: maybe(object, {}),
  visibility: maybe(text, "public"),
  has_password: maybe(flag, false),
  waiting: maybe(wait),
});
const motion = shape({ position: number, at: number, isPlaying: flag, rate: maybe(number) });
const video = shape({ videoUrl: text, videoTitle: maybe(text, ""), at: number });
const somebody = shape({ id: text, role: maybe(text, "member") });
const crown = shape({ id: maybe(text) });
const crowd = shape({
  joined: maybe(listOf(readMember), []),
  offline: maybe(listOf(somebody), []),
  left: maybe(listOf(somebody), []),
});
const told = shape({
  members: listOf(
    shape({
      id: text,
      state: maybe(text, "ready"),
      position: maybe(number),
      offset: maybe(number),
      rate: maybe(number),
      round_trip: maybe(number),
    }),
  ),
});
const wishes = shape({ settings: object });

/** A room of which nothing is known but that it is there. @returns {Room} */
export function nowhere(id) {
  return {
    id, name: "", epoch: "", seq: 0, hostId: null, video: NO_VIDEO, timeline: STILL, settings: {},
    visibility: "public", hasPassword: false, members: [], statuses: {}, waiting: null,
    isClosed: false,
  };
}

/** The room that a `room_update` shows, or REST. @returns {Room} */
export function fromSnapshot(data, statuses = {}) {
  const seen = snapshot(data, "a room");
  return {
    ...nowhere(seen.id),
    name: seen.name,
    epoch: seen.epoch,
    seq: seen.seq,
    hostId: seen.host_id,
    video: { url: seen.current_video_url, title: seen.current_video_title },
    timeline: {
      position: seen.current_position,
      at: seen.position_at,
      playing: seen.is_playing,
      rate: seen.playback_rate,
    },
    settings: seen.settings,
    visibility: seen.visibility,
    hasPassword: seen.has_password,
    members: seen.users,
    statuses,
    waiting: seen.waiting,
  };
}

/** The room after the event. Throws `Gap`, or `NotUnderstood` where the event says nothing to us. */
export function follow(room, frame) {
  const seq = frame.seq ?? null;
  if (seq === null) return change(room, frame);
  if (seq <= room.seq) return room;
  const first = frame.fromSeq ?? seq;
  if (first > room.seq + 1) throw new Gap(`after ${room.seq} came ${first}`);
  return { ...change(room, frame), seq };
}

/** The room after an event that was not understood: only its number counts. */
export function passed(room, frame) {
  return { ...room, seq: Math.max(room.seq, frame.seq ?? 0) };
}

function change(room, { type, data }) {
  const changes = CHANGES[type];
  return changes && Object.hasOwn(CHANGES, type) ? { ...room, ...changes(room, data) } : room;
}

function move(room, data) {
  const { position, at, isPlaying, rate } = motion(data);
  return { timeline: { position, at, playing: isPlaying, rate: rate ?? room.timeline.rate } };
}

/** Whomever the room waited for, it waits no more. */
function playOrPause(room, data) {
  return { ...move(room, data), waiting: null };
}

function standFor(room, data) {
  return { ...move(room, data), waiting: wait(data) };
}

function changeVideo(room, data) {
  const { videoUrl: url, videoTitle: title, at } = video(data);
  return { video: { url, title }, timeline: { ...STILL, at }, waiting: null };
}

function see(room, data) {
  const member = readMember(data);
  const members = withMember(room.members, member);
  if (!member.isHost) return { members };
  return { members: crowned(members, member.id), hostId: member.id };
}

function lose(room, data) {
  const { id } = somebody(data);
  return { members: changed(room.members, id, { isOnline: false }), ...silent(room, [id]) };
}

function part(room, data) {
  const { id } = somebody(data);
  return { members: without(room.members, [id]), ...silent(room, [id]) };
}

/** Many comings and goings in one. */
function merge(room, data) {
  const { joined, offline, left } = crowd(data);
  const gone = left.map(({ id }) => id);
  const away = offline.map(({ id }) => id);
  let members = joined.reduce(withMember, room.members);
  members = away.reduce((all, id) => changed(all, id, { isOnline: false }), members);
  return { members: without(members, gone), ...silent(room, [...away, ...gone]) };
}

function giveCrown(room, data) {
  const hostId = crown(data).id;
  return { hostId, members: crowned(room.members, hostId) };
}

function giveRole(room, data) {
  const { id, role } = somebody(data);
  return { members: changed(room.members, id, { role }) };
}

function settle(room, data) {
  return { settings: { ...room.settings, ...wishes(data).settings } };
}

function hearOf(room, data) {
  const news = told(data).members.map(({ round_trip: roundTrip, ...status }) => {
    return [status.id, { ...status, roundTrip }];
  });
  return { statuses: { ...room.statuses, ...Object.fromEntries(news) } };
}

function close() {
  return { isClosed: true, waiting: null };
}

function silent(room, ids) {
  const statuses = { ...room.statuses };
  for (const id of ids) delete statuses[id];
  return { statuses };
}

const CHANGES = {
  play: playOrPause,
  pause: playOrPause,
  seek: move,
  rate: move,
  video_changed: changeVideo,
  waiting: standFor,
  user_joined: see,
  user_offline: lose,
  user_left: part,
  presence: merge,
  host_changed: giveCrown,
  role_changed: giveRole,
  settings_changed: settle,
  status: hearOf,
  room_closed: close,
};
