/**
 * Who is in a room, in the order in which they joined. Every function answers a new list.
 *
 * @typedef {{id: string, name: string, isHost: boolean, isOnline: boolean, joinedAt: string,
 *   role: "host"|"moderator"|"member"}} Member
 */

import { flag, maybe, shape, text } from "./wire.js";

const HOST = "host";
const MEMBER = "member";

const written = shape({
  id: text,
  name: text,
  is_host: maybe(flag, false),
  is_online: maybe(flag, false),
  joined_at: maybe(text, ""),
  role: maybe(text, MEMBER),
});

/** @returns {Member} a member as it is told in `users`, or in `user_joined` */
export function readMember(data) {
  const { id, name, is_host, is_online, joined_at, role } = written(data, "a member");
  return { id, name, isHost: is_host, isOnline: is_online, joinedAt: joined_at, role };
}

export function find(members, id) {
  return members.find((member) => member.id === id) ?? null;
}

/** With this member, new or as it is now. */
export function withMember(members, member) {
  const isKnown = members.some(({ id }) => id === member.id);
  if (!isKnown) return [...members, member];
  return members.map((one) => (one.id === member.id ? member : one));
}

export function without(members, ids) {
  const gone = new Set(ids);
  return members.filter(({ id }) => !gone.has(id));
}

export function changed(members, id, changes) {
  return members.map((member) => (member.id === id ? { ...member, ...changes } : member));
}

/** There is one host at most; who was it before has no role left. */
export function crowned(members, hostId) {
  return members.map((member) => {
    if (member.id === hostId) return { ...member, isHost: true, role: HOST };
    return { ...member, isHost: false, role: member.role === HOST ? MEMBER : member.role };
  });
}

/** Whether the room lets this member play, pause, seek and change the video. */
export function mayControl(member, settings) {
  if (!member) return false;
  if (member.isHost || settings.control === "everyone") return true;
  return settings.control === "moderators" && member.role === "moderator";
}
