import { arrange, byId, make, setAttribute, setText, show } from "../dom.js";
import { initialsOf } from "./faces.js";

const TROUBLES = new Set(["buffering", "blocked", "hidden"]);
const MOST = 200; // shown at once: in a room of thousands nobody reads them all

/** Who is here, who is host, and whose video is stuck. */
export class People {
  #parts;
  #list = byId("people-list");
  #entries = new Map();

  constructor(parts) {
    this.#parts = parts;
  }

  render(view) {
    const members = view.room?.members ?? [];
    const online = members.filter(({ isOnline }) => isOnline).length;
    for (const id of ["people-count", "people-tab-count"]) setText(byId(id), String(online));
    show(byId("alone"), view.room !== null && online < 2);
    this.#showAll(inOrder(members, view.me).slice(0, MOST), view);
  }

  #showAll(members, view) {
    arrange(this.#list, members.map((member) => this.#entry(member, view)));
    const ids = new Set(members.map(({ id }) => id));
    for (const id of this.#entries.keys()) if (!ids.has(id)) this.#entries.delete(id);
  }

  #entry(member, view) {
    const { texts } = this.#parts;
    const entry = this.#entries.get(member.id) ?? this.#make(member);
    this.#entries.set(member.id, entry);
    const isMe = member.id === view.me?.id;
    setText(entry.name, isMe ? `${member.name} (${texts.say("person_you")})` : member.name);
    setAttribute(entry.element, "data-online", member.isOnline);
    const state = stateOf(member, view);
    setAttribute(entry.state, "data-state", state);
    setText(entry.state, state === "ready" ? "" : texts.say(`person_${state}`));
    show(entry.state, state !== "ready");
    show(entry.mark, member.isHost || member.role === "moderator");
    setText(entry.markText, texts.say(member.isHost ? "person_host" : "person_moderator"));
    return entry.element;
  }

  #make(member) {
    const avatar = make("span", { class: "avatar", "aria-hidden": "true" }, initialsOf(member.name));
    avatar.style.setProperty("--hue", this.#parts.hues.of(member.id));
    const name = make("bdi", { class: "person-name" });
    const state = make("span", { class: "person-state" });
    const markText = make("span");
    const mark = make("span", { class: "mark" }, this.#parts.icons.make("host"), markText);
    const text = make("span", { class: "person-text" }, name, state);
    const element = make("li", { class: "person" }, avatar, text, mark);
    return { element, name, state, mark, markText };
  }
}

/** Oneself first, then who is here, then who is away; in each the order of coming. */
export function inOrder(members, me) {
  const rank = (member) => (member.id === me?.id ? 0 : member.isOnline ? 1 : 2);
  return members.toSorted((one, other) => rank(one) - rank(other));
}

/** What is worth telling of a member: it is away, or its video is stuck. */
export function stateOf(member, { statuses, room }) {
  if (!member.isOnline) return "offline";
  if (!room.video.url) return "ready";
  const state = statuses[member.id]?.state;
  return TROUBLES.has(state) ? state : "ready";
}
