import { EmbeddedPlayer } from "./embedded.js";
import { loadScript } from "./script.js";

const API = "https://player.vimeo.com/api/player.js";

const FAULTS = {
  NotFoundError: "not_found", PasswordError: "embedding_refused", PrivacyError: "embedding_refused",
};

const OPTIONS = { controls: false, dnt: true, keyboard: false, playsinline: true };

/** Vimeo through its own script, which wants no cookies (`dnt`). */
export async function createVimeoPlayer(place, { id, hash }) {
  if (!window.Vimeo) await loadScript(API);
  const element = document.createElement("div");
  place.replaceChildren(element);
  const vimeo = new window.Vimeo.Player(element, { ...OPTIONS, id: Number(id), h: hash });
  const player = new EmbeddedPlayer("vimeo", ordersTo(vimeo, place, (error) => notStarted(error, player)));
  listen(vimeo, player);
  return player;
}

/** Each order is answered by a promise; a refused one shows in what the frame does next. */
function ordersTo(vimeo, place, notPlayed) {
  const order = (name, ...values) => vimeo[name](...values).catch(() => undefined);
  return {
    play: () => vimeo.play().catch(notPlayed),
    pause: () => order("pause"),
    seek: (position) => order("setCurrentTime", position),
    setRate: (rate) => order("setPlaybackRate", rate),
    setVolume: (volume) => order("setVolume", volume),
    setMuted: (muted) => order("setMuted", muted),
    destroy() {
      order("destroy");
      place.replaceChildren();
    },
  };
}

function notStarted(error, player) {
  if (error.name === "NotAllowedError") player.refused();
  else if (FAULTS[error.name]) player.fail(FAULTS[error.name], error.message);
}

function listen(vimeo, player) {
  vimeo.on("playing", () => player.know({ state: "ready", playing: true }));
  vimeo.on("pause", () => player.know({ state: "ready", playing: false }));
  vimeo.on("ended", () => player.know({ state: "ended", playing: false }));
  vimeo.on("bufferstart", () => player.know({ state: "buffering" }));
  vimeo.on("bufferend", () => player.know({ state: "ready" }));
  vimeo.on("playbackratechange", ({ playbackRate }) => player.know({ rate: playbackRate }));
  vimeo.on("timeupdate", ({ seconds }) => player.report(seconds));
  vimeo.on("progress", ({ percent, duration }) => player.know({ buffered: percent * duration }));
  const lost = (error) => player.fail(FAULTS[error.name] ?? "network", error.message);
  vimeo.ready().then(() => player.know({ state: "ready" }), lost);
  vimeo.getDuration().then((duration) => player.know({ duration }), lost);
  vimeo.getVideoTitle().then((title) => player.know({ title }), lost);
}
