import { byId } from "../dom.js";
import { isTakenBy, meaningOf } from "./keys.js";

const LITTLE = 5; // s
const MORE = 10; // s

/** The whole page listens: nobody has to click into the video first. */
export function installKeyboard({ deeds, volume, viewing, toChat }) {
  const actions = {
    play: () => deeds.playOrPause(),
    back: () => deeds.jump(-MORE),
    forward: () => deeds.jump(MORE),
    a_little_back: () => deeds.jump(-LITTLE),
    a_little_forward: () => deeds.jump(LITTLE),
    louder: () => volume.turn(1),
    quieter: () => volume.turn(-1),
    mute: () => volume.toggle(),
    fullscreen: () => viewing.toggleFullscreen(),
    chat: toChat,
    help: () => byId("help-dialog").showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]") || isTakenBy(document.activeElement, event.key)) return;
    const meaning = meaningOf(event);
    if (!meaning) return;
    event.preventDefault();
    actions[meaning]();
  });
  byId("open-help").addEventListener("click", actions.help);
}
