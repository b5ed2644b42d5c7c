import { byId, setText } from "../dom.js";

const SAID_FOR = 2_500; // ms

/** One button, and the link is in the clipboard. Where that is not allowed it stands to be copied. */
export function installShare({ texts, icons, announce }) {
  const button = byId("share");
  let thanks = 0;

  function show(sign, key) {
    icons.change(button, sign);
    setText(byId("share-text"), texts.say(key));
    button.setAttribute("aria-label", texts.say(key)); // on a phone the text is not there
  }

  button.addEventListener("click", async () => {
    const link = location.origin + location.pathname;
    try {
      await navigator.clipboard.writeText(link);
    } catch {
      showByHand(link);
      return;
    }
    show("check", "share_copied");
    announce(texts.say("share_copied"));
    clearTimeout(thanks);
    thanks = setTimeout(() => show("link", "share"), SAID_FOR);
  });
}

function showByHand(link) {
  byId("share-link").value = link;
  byId("share-dialog").showModal();
  byId("share-link").select();
}
