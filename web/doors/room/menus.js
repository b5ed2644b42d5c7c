import { byId, setAttribute, setText, show } from "../dom.js";
import { Menu, showChoices } from "./menu.js";

const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2];

/** The speed of the room's video: for everybody, by who may control. */
export class SpeedMenu {
  #parts;
  #menu = new Menu(byId("speed"), byId("speed-choices"));

  constructor(parts) {
    this.#parts = parts;
    byId("speed").addEventListener("click", (event) => this.#refuse(event), { capture: true });
  }

  render(view) {
    const { texts, screen } = this.#parts;
    const rate = view.room?.timeline.rate ?? 1;
    const offered = screen.player?.rates() ?? null;
    const rates = RATES.filter((one) => !offered || offered.includes(one));
    setText(byId("speed"), texts.say("speed_value", { rate: texts.number(rate) }));
    setAttribute(byId("speed"), "aria-label", `${texts.say("speed")}: ${texts.number(rate)}×`);
    setAttribute(byId("speed"), "aria-disabled", !view.me?.mayControl);
    showChoices(byId("speed-choices"), rates.map((one) => this.#choice(one, rate)));
  }

  #choice(rate, chosen) {
    const { texts, deeds } = this.#parts;
    const value = texts.say("speed_value", { rate: texts.number(rate) });
    const choose = () => {
      deeds.setRate(rate);
      this.#menu.close();
    };
    return { label: rate === 1 ? texts.say("speed_normal") : value, isChosen: rate === chosen, choose };
  }

  #refuse(event) {
    const { session, deeds } = this.#parts;
    if (session.view.me?.mayControl) return;
    event.stopImmediatePropagation();
    deeds.explain();
  }
}

/** Each viewer's own: how much of the line it takes. */
export class QualityMenu {
  #parts;
  #menu = new Menu(byId("quality"), byId("quality-choices"));

  constructor(parts) {
    this.#parts = parts;
  }

  render() {
    const { screen, texts } = this.#parts;
    const qualities = screen.player?.qualities() ?? [];
    show(byId("quality-menu"), qualities.length > 1);
    const chosen = screen.player?.quality() ?? null;
    const automatic = { id: null, label: texts.say("quality_auto") };
    const all = [automatic, ...qualities.toReversed().map((one) => ({ id: one.id, label: this.#label(one) }))];
    const choices = all.map(({ id, label }) => {
      return { label, isChosen: id === chosen, choose: () => this.#choose(id) };
    });
    showChoices(byId("quality-choices"), choices);
  }

  #label({ height, bitrate }) {
    const { texts } = this.#parts;
    if (height) return texts.say("quality_height", { height });
    return texts.say("quality_bitrate", { rate: texts.number(Math.round(bitrate / 1e5) / 10) });
  }

  #choose(id) {
    this.#parts.screen.player?.setQuality(id);
    this.#menu.close();
    this.render();
  }
}
