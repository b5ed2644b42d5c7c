import { byId, setAttribute, show } from "../dom.js";

const RESTS_AFTER = 2_800; // ms without a move: the controls go

/** Full screen and picture in picture, for this viewer alone. */
export class Viewing {
  #parts;
  #stage = byId("stage");
  #fullscreen = byId("fullscreen");
  #pip = byId("pip");

  /** @param {{screen, texts, icons}} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#fullscreen.addEventListener("click", () => this.toggleFullscreen());
    this.#pip.addEventListener("click", () => this.#togglePip());
    document.addEventListener("fullscreenchange", () => this.render());
  }

  render() {
    const { screen, texts, icons } = this.#parts;
    const isFull = document.fullscreenElement === this.#stage;
    icons.change(this.#fullscreen, isFull ? "smaller" : "fullscreen");
    setAttribute(this.#fullscreen, "aria-label", texts.say(isFull ? "fullscreen_end" : "fullscreen"));
    show(this.#fullscreen, Boolean(this.#stage.requestFullscreen || screen.player?.element?.webkitEnterFullscreen));
    show(this.#pip, Boolean(document.pictureInPictureEnabled && screen.player?.element));
  }

  /** iPhones let only the video itself fill the screen. A refusal changes nothing. */
  toggleFullscreen() {
    const video = this.#parts.screen.player?.element;
    if (document.fullscreenElement) document.exitFullscreen().catch(() => undefined);
    else if (this.#stage.requestFullscreen) this.#stage.requestFullscreen().catch(() => undefined);
    else video?.webkitEnterFullscreen?.();
  }

  #togglePip() {
    const video = this.#parts.screen.player?.element;
    if (document.pictureInPictureElement) document.exitPictureInPicture().catch(() => undefined);
    else video?.requestPictureInPicture?.().catch(() => undefined);
  }
}

/** While the video plays and nobody moves, the controls leave the picture alone. */
export function installRest({ session, deeds }) {
  const screen = byId("screen");
  let resting = 0;

  const rest = () => {
    const isBusy = screen.querySelector('[aria-expanded="true"]') !== null;
    setAttribute(screen, "data-idle", Boolean(session.view.room?.timeline.playing) && !isBusy);
  };
  const wake = () => {
    setAttribute(screen, "data-idle", false);
    clearTimeout(resting);
    resting = setTimeout(rest, RESTS_AFTER);
  };
  for (const event of ["pointermove", "pointerdown", "keydown", "focusin"]) screen.addEventListener(event, wake);
  screen.addEventListener("pointerleave", rest);
  session.subscribe(() => session.view.room?.timeline.playing || setAttribute(screen, "data-idle", false));
  byId("picture").addEventListener("click", (event) => event.pointerType !== "touch" && deeds.playOrPause());
  wake();
}
