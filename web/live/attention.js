/**
 * Whether somebody looks at the page, and whether the device is on a network, as the browser says.
 *
 * @typedef {object} Attention
 * @property {() => boolean} isHidden nobody looks: a tab in the background, a phone in a pocket
 * @property {() => boolean} isOffline
 * @property {(hear: (what: "back"|"away"|"online"|"offline") => void) => () => void} subscribe
 *   the answer takes it back
 */

/** @returns {Attention} */
export function watchPage(page = globalThis.document, window = globalThis) {
  // A film in its own little window is looked at, whatever the tab does.
  const isHidden = () => page.hidden && !page.pictureInPictureElement;
  const turn = () => (page.hidden ? "away" : "back");
  const signs = [
    [page, "visibilitychange", turn],
    [page, "resume", () => "back"],
    [window, "pageshow", () => "back"],
    [window, "online", () => "online"],
    [window, "offline", () => "offline"],
  ];
  return {
    isHidden,
    isOffline: () => window.navigator?.onLine === false,
    subscribe(hear) {
      const heard = signs.map(([source, name, what]) => [source, name, () => hear(what())]);
      for (const [source, name, listen] of heard) source.addEventListener(name, listen);
      return () => {
        for (const [source, name, listen] of heard) source.removeEventListener(name, listen);
      };
    },
  };
}

/** That of the page, or, where there is none, of somebody who never looks away. @returns {Attention} */
export function attentionHere() {
  if (globalThis.document) return watchPage();
  return { isHidden: () => false, isOffline: () => false, subscribe: () => () => {} };
}
