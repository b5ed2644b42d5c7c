import { byId, show } from "../dom.js";
import { AskingForm } from "../forms.js";

/**
 * The seat in this room: the one that this browser holds, or a new one, for which it takes a name
 * and one button. That button is also the gesture that browsers want before they let a video sound.
 *
 * @returns {Promise<object>} the seat
 */
export function takeSeat(parts) {
  const held = parts.seats.of(parts.room.id);
  return held ? Promise.resolve(held) : askForName(parts);
}

/** Asks in any case: the seat that was held is gone. `refusal` says why. */
export function askForName(parts, refusal = null) {
  const { texts, lobby, seats, preferences, room } = parts;
  const form = byId("join-form");
  const name = byId("join-name");
  const asking = new AskingForm({ form, fault: byId("join-fault"), button: byId("join-go"), texts });
  name.value = preferences.get("name");
  show(byId("join"), true);
  show(byId("opening"), false);
  name.focus();
  if (refusal) asking.refuse(refusal);
  return new Promise((resolve) => {
    asking.whenSent(async (fields) => {
      const wish = { roomId: room.id, userName: fields.get("name"), password: fields.get("password") };
      const seat = await lobby.join(wish).catch(askForPassword);
      preferences.set("name", seat.name);
      seats.keep(seat);
      show(byId("join"), false);
      resolve({ ...seat, password: wish.password || undefined });
    }, texts.say("join_going"));
  });
}

/** The room may have been given a password since this page was made. */
function askForPassword(refusal) {
  if (refusal.code === "wrong_password") {
    show(byId("join-password-field"), true);
    byId("join-password").focus();
  }
  throw refusal;
}
