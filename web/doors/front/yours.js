import { byId, make, show } from "../dom.js";

const SHOWN = 6;

/** The rooms in which this browser holds a place. Those that are gone are forgotten. */
export async function installYours({ texts, icons, lobby, seats }) {
  const held = seats.all().slice(0, SHOWN);
  const rooms = await Promise.all(held.map((seat) => look(lobby, seats, seat)));
  const there = rooms.filter(Boolean);
  byId("yours-list").replaceChildren(...there.map((room) => entry(room, { texts, icons, seats })));
  show(byId("yours"), there.length > 0);
}

async function look(lobby, seats, seat) {
  try {
    const { id, name } = await lobby.room(seat.roomId, seat.key);
    return { id, name };
  } catch (refusal) {
    if (["room_not_found", "room_closed", "unknown_user"].includes(refusal.code)) seats.give(seat.roomId);
    return null;
  }
}

function entry({ id, name }, { texts, icons, seats }) {
  const forget = make("button", {
    class: "button plain",
    type: "button",
    "aria-label": texts.say("front_forget", { room: name }),
    onclick() {
      seats.give(id);
      item.remove();
      show(byId("yours"), seats.all().length > 0);
    },
  }, icons.make("close"));
  const back = make("a", { class: "button", href: `/room/${id}` }, texts.say("front_back_in"));
  const item = make("li", {}, make("strong", {}, make("bdi", {}, name)), back, forget);
  return item;
}
