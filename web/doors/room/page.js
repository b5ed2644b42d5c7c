import { byId, setText, show } from "../dom.js";
import { Toasts } from "../toasts.js";
import { Banner } from "./banner.js";
import { Captions } from "./captions.js";
import { Chat } from "./chat.js";
import { Composer, renderTyping } from "./composer.js";
import { Controls, Deeds } from "./controls.js";
import { Cover } from "./cover.js";
import { SettingsDialog, installDialogs, installLeave, installVideoDialog } from "./dialogs.js";
import { showEnd } from "./ended.js";
import { Hues } from "./faces.js";
import { installKeyboard } from "./keyboard.js";
import { Light } from "./light.js";
import { installMediaKeys, tellDevice } from "./mediakeys.js";
import { installMenus } from "./menu.js";
import { QualityMenu, SpeedMenu } from "./menus.js";
import { People } from "./people.js";
import { Reactions } from "./reactions.js";
import { Screen } from "./screen.js";
import { SeekBar } from "./seekbar.js";
import { installShare } from "./share.js";
import { Side } from "./side.js";
import { pageTitle, videoName } from "./title.js";
import { Viewing, installRest } from "./viewing.js";
import { Volume } from "./volume.js";
import { Whispers } from "./whispers.js";

const TICK = 250; // ms: how often what moves by itself is drawn

/** The page of a room: every part is told of a new view, and shows what it shows of it. */
export class RoomPage {
  #parts;
  #isDue = false;
  #isOver = false;
  #ticking = 0;

  /** @param {{session, room: {id: string}, texts, icons, seats, preferences}} given */
  constructor(given) {
    this.#parts = this.#assemble(given);
    this.#install();
    given.session.subscribe(() => this.#renderSoon());
    this.#parts.screen.onChange(() => this.#renderSoon());
    this.#ticking = setInterval(() => this.#tick(), TICK);
    this.#renderSoon();
  }

  #assemble(given) {
    const toasts = new Toasts(given);
    const base = {
      ...given,
      toasts,
      hues: new Hues(),
      refused: (refusal) => toasts.refused(refusal),
      announce: (text) => setText(byId("announcer"), text),
      openVideoDialog: installVideoDialog(given),
    };
    base.screen = new Screen(base);
    base.deeds = new Deeds(base);
    return { ...base, ...this.#makeStage(base), ...this.#makeSide(base) };
  }

  #makeStage(base) {
    return {
      controls: new Controls(base),
      seekBar: new SeekBar(base),
      volume: new Volume(base),
      viewing: new Viewing(base),
      menus: [new SpeedMenu(base), new QualityMenu(base), new Captions(base)],
      cover: new Cover(base),
      light: new Light(base),
      banner: new Banner(base),
    };
  }

  #makeSide(base) {
    return {
      people: new People(base),
      chat: new Chat(base),
      composer: new Composer(base),
      reactions: new Reactions(base),
      settings: new SettingsDialog(base),
      whispers: new Whispers(),
      side: new Side(() => this.#renderSoon()),
    };
  }

  #install() {
    const parts = this.#parts;
    installMenus();
    installDialogs();
    installShare(parts);
    installLeave({ ...parts, leave: () => this.#leave() });
    installRest(parts);
    installMediaKeys(parts);
    installKeyboard({ ...parts, toChat: () => this.#toChat() });
    byId("change-video").addEventListener("click", parts.openVideoDialog);
    document.addEventListener("visibilitychange", () => this.#renderSoon());
  }

  /** Many changes that come together are drawn once. */
  #renderSoon() {
    if (this.#isDue || this.#isOver) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#render();
    });
  }

  #render() {
    const { session, screen, texts } = this.#parts;
    const { view } = session;
    if (view.link.state === "ended") {
      this.#end(view.link.reason);
      return;
    }
    if (!view.room) return;
    show(byId("opening"), false);
    show(byId("room"), true);
    this.#renderNames(view, texts);
    screen.render(view);
    this.#renderStage(view);
    this.#renderSide(view);
  }

  #renderNames(view, texts) {
    const ownTitle = this.#parts.screen.player?.title ?? null;
    const title = pageTitle(view, texts, ownTitle);
    if (document.title !== title) document.title = title;
    setText(byId("room-name"), view.room.name);
    const name = videoName(view.room.video, texts, ownTitle);
    setText(byId("video-title"), name);
    tellDevice(view, name);
    show(byId("change-video"), Boolean(view.me?.mayControl && view.room.video.url));
  }

  #renderStage(view) {
    const { controls, seekBar, volume, viewing, menus, cover, light, banner } = this.#parts;
    for (const part of [controls, seekBar, volume, viewing, ...menus, cover, light, banner]) part.render(view);
  }

  #renderSide(view) {
    const { people, chat, side, settings, whispers, texts } = this.#parts;
    people.render(view);
    chat.render(view, side.isChatSeen);
    settings.render(view);
    whispers.render(view);
    renderTyping(view, texts);
  }

  #tick() {
    const { session, controls, seekBar, banner, cover } = this.#parts;
    if (document.hidden || !session.view.room) return;
    controls.tick();
    seekBar.tick();
    banner.tick();
    if (session.view.room.waiting) cover.render(session.view);
  }

  #toChat() {
    this.#parts.side.turnTo("chat");
    this.#renderSoon();
    this.#parts.composer.focus();
  }

  /** The place is given up; if the server cannot be told, it learns by our silence. */
  async #leave() {
    await this.#parts.session.leave().catch(this.#parts.refused);
  }

  #end(reason) {
    this.#isOver = true;
    clearInterval(this.#ticking);
    this.#parts.session.close();
    this.#parts.screen.player?.destroy();
    showEnd(reason ?? { code: "other", message: "" }, this.#parts);
  }
}
