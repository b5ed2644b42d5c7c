import { openPlayer } from "../../live/players/open.js";
import { byId, setAttribute } from "../dom.js";

/**
 * The player of the room's video, as long as it is the room's. What is new with it (another player,
 * a change of its state) is told to who listens.
 */
export class Screen {
  player = null;
  /** Why there is no player: null, "loading", "unknown" (address) or "player_missing". */
  lack = null;
  #session;
  #preferences;
  #url = "";
  #listeners = new Set();
  #place = byId("picture");
  #element = byId("screen");

  constructor({ session, preferences }) {
    this.#session = session;
    this.#preferences = preferences;
  }

  onChange(listener) {
    this.#listeners.add(listener);
  }

  render({ room }) {
    const url = room?.video.url ?? "";
    if (room && url !== this.#url) this.#open(url);
  }

  /** After a fault: the same video once more. */
  retry() {
    this.#open(this.#url);
  }

  /** Inside a gesture: what the browser did not let start, or sound, it lets now. */
  allow() {
    this.player?.allow();
    this.#session.unblock();
    this.#changed();
  }

  async #open(url) {
    this.#url = url;
    this.#close();
    this.lack = url ? "loading" : null;
    this.#changed();
    if (!url) return;
    const [player, lack] = await this.#make(url);
    if (url !== this.#url || this.player) player?.destroy(); // another one was chosen meanwhile
    else this.#take(player, lack);
  }

  async #make(url) {
    try {
      const player = await openPlayer(url, this.#place);
      return player ? [player, null] : [null, "unknown"];
    } catch {
      return [null, "player_missing"];
    }
  }

  #take(player, lack) {
    this.player = player;
    this.lack = lack;
    if (player) {
      setAttribute(this.#element, "data-kind", player.kind);
      player.sound.setVolume(this.#preferences.get("volume"));
      player.sound.setMuted(this.#preferences.get("muted"));
      player.on("change", () => this.#changed());
      this.#session.attach(player);
    }
    this.#changed();
  }

  #close() {
    if (!this.player) return;
    this.#session.detach();
    this.player.destroy();
    this.player = null;
    this.#element.removeAttribute("data-kind");
  }

  #changed() {
    for (const listener of this.#listeners) listener();
  }
}
