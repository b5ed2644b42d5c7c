import { byId, setText, show } from "../dom.js";

const FINAL = new Set(["room_closed", "room_not_found", "banned", "not_allowed"]);

/** The session is over for good: why, and where to go from here. */
export function showEnd(reason, { texts, seats, room }) {
  const hasLeft = reason.code === "left";
  setText(byId("ended-title"), texts.say(hasLeft ? "left_title" : "ended_title"));
  setText(byId("ended-text"), hasLeft ? "" : texts.refusal(reason));
  show(byId("ended-text"), !hasLeft);
  if (hasLeft) seats.give(room.id); // whoever comes back by the link is asked for a name again
  show(byId("ended-again"), !FINAL.has(reason.code));
  byId("ended-again").addEventListener("click", () => {
    if (reason.code !== "too_many_connections") seats.give(room.id);
    location.reload();
  });
  show(byId("room"), false);
  show(byId("ended"), true);
  byId("ended-title").focus();
}
