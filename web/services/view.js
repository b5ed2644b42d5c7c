/** What people are shown of a room, made of what is known. Pure. */

import { find, mayControl } from "../domain/members.js";

const FRAME = 1000 / 30; // ms: nearer than a picture of a film nobody sees it

/** Oneself. Whoever has come by a name is known by it: names are unique in a room. */
export function meView(room, seat) {
  if (!room) return null;
  const name = seat.name.trim().normalize("NFC");
  const member = find(room.members, seat.publicId) ?? room.members.find((one) => one.name === name);
  if (!member) return null;
  const { id, isHost, role } = member;
  return { id, name: member.name, isHost, role, mayControl: mayControl(member, room.settings) };
}

/** How well the player is in step: an honest light, and the figures behind it. */
export function syncView({ link, room, follower, clock, now }) {
  const estimate = clock.hasSample ? clock.estimate(now) : null;
  return {
    light: light({ link, room, follower }),
    errorMs: follower?.error ?? null,
    offsetMs: estimate && clock.offsetAt(now),
    roundTripMs: estimate?.roundTrip ?? null,
    uncertaintyMs: estimate?.uncertainty ?? null,
    rate: follower?.rate ?? room?.timeline.rate ?? 1,
    blocked: follower?.isRefused ?? false,
  };
}

function light({ link, room, follower }) {
  if (link.state !== "open" || !room) return "reconnecting";
  if (!room.video.url) return "no_video";
  if (room.waiting) return "waiting";
  if (!room.timeline.playing || follower?.isAtEnd) return "paused";
  if (follower?.isAwaitingStart) return "in_sync";
  return follower?.isInStep(FRAME) ? "in_sync" : "catching_up";
}
