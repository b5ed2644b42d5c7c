import { byId, make, setAttribute, setText, show } from "../dom.js";
import { Menu } from "./menu.js";
import { namesOf } from "./covering.js";

/** A small honest light: how well this picture is in step. And, for the curious, the figures. */
export class Light {
  #parts;
  #panel = byId("sync-panel");
  #menu = new Menu(byId("light"), byId("sync-panel"), () => this.renderPanel());

  /** @param {{session, texts}} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  render(view) {
    const { texts } = this.#parts;
    setAttribute(byId("light"), "data-light", lightOf(view));
    setText(byId("light-text"), lightText(view, texts));
    if (this.#menu.isOpen) this.renderPanel();
  }

  renderPanel() {
    const { session, texts } = this.#parts;
    const { view } = session;
    byId("sync-facts").replaceChildren(...factsOf(view.sync, texts).flatMap(pair));
    const others = othersOf(view, texts);
    show(byId("sync-others-title"), others.length > 0);
    byId("sync-others").replaceChildren(...others.flatMap(pair));
    this.#panel.scrollTop = 0;
  }
}

export function lightOf({ sync }) {
  return sync.blocked ? "blocked" : sync.light;
}

export function lightText(view, texts) {
  const { sync, room, me } = view;
  const light = lightOf(view);
  if (light === "in_sync" && sync.errorMs !== null) {
    return texts.say("light_in_sync_to", { error: texts.number(Math.round(Math.abs(sync.errorMs))) });
  }
  if (light === "waiting" && room?.waiting) {
    return texts.say("waiting_for", { names: namesOf(room.members, room.waiting.for, me, texts) });
  }
  return texts.say(`light_${light}`);
}

function factsOf(sync, texts) {
  const offset = milliseconds(clocksApart(sync.offsetMs), texts, true);
  const sure = sync.uncertaintyMs === null ? "" : ` ± ${texts.number(Math.round(sync.uncertaintyMs))}`;
  return [
    { term: texts.say("sync_error"), help: texts.say("sync_error_help"), value: milliseconds(sync.errorMs, texts, true) },
    { term: texts.say("sync_rate"), help: texts.say("sync_rate_help"), value: `${sync.rate.toFixed(3)}×` },
    { term: texts.say("sync_round_trip"), help: texts.say("sync_round_trip_help"), value: milliseconds(sync.roundTripMs, texts) },
    { term: texts.say("sync_offset"), help: texts.say("sync_offset_help"), value: offset + sure },
  ];
}

/** The session counts from when the page was opened; people have a clock on the wall. */
function clocksApart(offsetMs) {
  return offsetMs === null ? null : offsetMs - (Date.now() - performance.now());
}

function othersOf({ room, me, statuses }, texts) {
  const others = (room?.members ?? []).filter(({ id, isOnline }) => isOnline && id !== me?.id && statuses[id]);
  return others.map(({ id, name }) => {
    return { term: name, value: milliseconds(statuses[id].offset ?? null, texts, true) };
  });
}

function milliseconds(value, texts, isSigned = false) {
  if (value === null || value === undefined) return texts.say("unknown");
  const rounded = Math.round(value * 10) / 10;
  const sign = isSigned && rounded > 0 ? "+" : "";
  return texts.say("milliseconds", { value: sign + texts.number(rounded) });
}

function pair({ term, help, value }) {
  const title = make("dt", {}, make("bdi", {}, term));
  if (help) title.append(make("small", {}, help));
  return [title, make("dd", {}, value)];
}
