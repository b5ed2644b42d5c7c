/** The page of a room: takes a seat, opens the session, and shows what it knows. */

import { pageData } from "./doors/dom.js";
import { Icons } from "./doors/icons.js";
import { takeSeat } from "./doors/room/join.js";
import { RoomPage } from "./doors/room/page.js";
import { Texts } from "./doors/texts.js";
import { watchPage } from "./live/attention.js";
import { createPreferences } from "./rooms/preferences.js";
import { createSeats } from "./rooms/seats.js";
import { browserStorage } from "./rooms/store.js";
import { createUnsent } from "./rooms/unsent.js";
import { createLobby } from "./services/lobby.js";
import { createSession } from "./services/session.js";

const { language, texts: words, web, room } = pageData();
const storage = browserStorage();
const parts = {
  room,
  texts: new Texts(language, words),
  icons: new Icons(web),
  lobby: createLobby(),
  seats: createSeats(storage),
  preferences: createPreferences(storage),
};

const seat = await takeSeat(parts);
const scheme = location.protocol === "https:" ? "wss:" : "ws:";
const protocolUrl = `${scheme}//${location.host}/ws/room/${room.id}/`;
const session = createSession({
  roomId: room.id,
  seat,
  protocolUrl,
  lobby: parts.lobby,
  unsent: createUnsent(storage),
  attention: watchPage(),
});
new RoomPage({ ...parts, session });
