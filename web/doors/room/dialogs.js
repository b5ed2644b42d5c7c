import { recognise } from "../../domain/addresses.js";
import { byId, setText, show } from "../dom.js";

/** Dialogs close by their buttons, by Escape (the browser's doing) and by a click beside them. */
export function installDialogs() {
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", ({ target }) => {
      if (target === dialog || target.closest("[data-close]")) dialog.close();
    });
  }
}

/** Another video for the room. @returns {() => void} opens the dialog */
export function installVideoDialog({ session, texts }) {
  const dialog = byId("video-dialog");
  const fault = byId("video-fault");

  byId("video-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const video = recognise(byId("video-address").value);
    if (!video) {
      refuse(fault, texts.say("video_unknown"));
      return;
    }
    try {
      await session.changeVideo(video.url, byId("video-name").value.trim());
      dialog.close();
      if (video.start > 0) await session.seek(video.start);
    } catch (refusal) {
      refuse(fault, texts.refusal(refusal));
    }
  });

  return () => {
    byId("video-form").reset();
    show(fault, false);
    dialog.showModal();
  };
}

function refuse(fault, text) {
  setText(fault, text);
  show(fault, true);
}

/** What the host may set; the others see how it is set. */
export class SettingsDialog {
  #form = byId("settings-form");
  #chosen = new Map(); // by name, until the room is as it was chosen: {value, seq of the answer}

  /** @param {{session, refused: (refusal: object) => void}} parts */
  constructor({ session, refused }) {
    byId("open-settings").addEventListener("click", () => byId("settings-dialog").showModal());
    this.#form.addEventListener("change", async ({ target: { name, value } }) => {
      const choice = { value, seq: Infinity };
      this.#chosen.set(name, choice);
      try {
        choice.seq = (await session.changeSettings({ [name]: value })).seq;
      } catch (refusal) {
        choice.seq = 0;
        refused(refusal);
      }
      this.render(session.view);
    });
  }

  render({ room, me }) {
    const isHost = Boolean(me?.isHost);
    show(byId("settings-read-only"), !isHost);
    show(byId("control-moderators"), room?.settings.control === "moderators");
    for (const input of this.#form.querySelectorAll("input")) {
      input.disabled = !isHost;
      input.checked = this.#valueOf(input.name, room) === input.value;
    }
  }

  #valueOf(name, room) {
    const choice = this.#chosen.get(name);
    if (choice && choice.seq <= (room?.seq ?? 0)) this.#chosen.delete(name);
    return this.#chosen.get(name)?.value ?? room?.settings[name];
  }
}

/** To leave for good gives the place up: that is asked for. */
export function installLeave({ session, texts, leave }) {
  byId("open-leave").addEventListener("click", () => {
    const key = session.view.me?.isHost ? "leave_host_text" : "leave_sure_text";
    setText(byId("leave-text"), texts.say(key));
    byId("leave-dialog").showModal();
  });
  byId("leave-go").addEventListener("click", () => {
    byId("leave-dialog").close();
    leave();
  });
}
