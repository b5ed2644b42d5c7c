import { recognise } from "../../domain/addresses.js";
import { byId } from "../dom.js";
import { AskingForm } from "../forms.js";

/** The form that opens a room. Whoever was here before finds its name there. */
export function installCreate({ texts, lobby, seats, preferences, go }) {
  const form = byId("create");
  const { userName, roomName } = form.elements;
  userName.value = preferences.get("name");
  proposeRoomName(userName, roomName, texts);

  const asking = new AskingForm({ form, fault: byId("create-fault"), button: byId("create-go"), texts });
  asking.whenSent(async (fields) => {
    const wish = wishOf(fields);
    if (wish.videoUrl === null) throw { code: "video_unknown", message: texts.say("video_unknown") };
    const seat = await lobby.create(wish);
    preferences.set("name", seat.name);
    seats.keep(seat);
    go(`/room/${seat.roomId}`);
  }, texts.say("front_going"));
}

/** A name for the room is one thing less to think of; one that was typed is left alone. */
function proposeRoomName(userName, roomName, texts) {
  const propose = () => {
    const name = userName.value.trim();
    if (!roomName.dataset.own) roomName.value = name ? texts.say("front_room_of", { name }) : "";
  };
  roomName.addEventListener("input", () => {
    roomName.dataset.own = roomName.value ? "yes" : "";
  });
  userName.addEventListener("input", propose);
  propose();
}

/** What is asked for; `videoUrl` is null where the address leads to no video. */
export function wishOf(fields) {
  const address = String(fields.get("videoUrl") ?? "").trim();
  return {
    userName: fields.get("userName"),
    roomName: fields.get("roomName"),
    videoUrl: address ? (recognise(address)?.url ?? null) : "",
    visibility: fields.get("visibility"),
    password: fields.get("password"),
    settings: fields.get("everyone") ? { control: "everyone" } : undefined,
  };
}
