/** The first page: a room is opened, or one goes back into one. */

import { byId, pageData } from "./doors/dom.js";
import { installCreate } from "./doors/front/create.js";
import { installYours } from "./doors/front/yours.js";
import { Icons } from "./doors/icons.js";
import { Texts } from "./doors/texts.js";
import { createPreferences } from "./rooms/preferences.js";
import { createSeats } from "./rooms/seats.js";
import { browserStorage } from "./rooms/store.js";
import { createLobby } from "./services/lobby.js";

const { language, texts: words, web } = pageData();
const storage = browserStorage();
const parts = {
  texts: new Texts(language, words),
  icons: new Icons(web),
  lobby: createLobby(),
  seats: createSeats(storage),
  preferences: createPreferences(storage),
  go: (address) => location.assign(address),
};

// Older pages of the list have neither.
if (document.getElementById("create")) {
  installCreate(parts);
  installYours(parts).catch(() => byId("yours").remove());
}
