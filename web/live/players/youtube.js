import { EmbeddedPlayer } from "./embedded.js";
import { loadScript } from "./script.js";

const API = "https://www.youtube.com/iframe_api";
const HOST = "https://www.youtube-nocookie.com";
const LOOK_EVERY = 250; // ms: it does not tell by itself where it is

const FAULTS = {
  2: "not_found", 5: "decode", 100: "not_found",
  101: "embedding_refused", 150: "embedding_refused", 153: "no_referrer",
};

const OPTIONS = {
  autoplay: 0, controls: 0, disablekb: 1, fs: 0, iv_load_policy: 3, playsinline: 1, rel: 0,
};

/** YouTube through its IFrame API, from the host that sets no cookies before it plays. */
export async function createYouTubePlayer(place, { id }) {
  const YT = await loadApi();
  const frame = { youtube: null, looking: 0, place };
  const player = new EmbeddedPlayer("youtube", ordersTo(frame));
  frame.youtube = new YT.Player(target(place), {
    host: HOST,
    videoId: id,
    width: "100%",
    height: "100%",
    playerVars: { ...OPTIONS, origin: location.origin },
    events: eventsOf(YT, player),
  });
  frame.looking = setInterval(() => look(frame.youtube, player), LOOK_EVERY);
  return player;
}

async function loadApi() {
  if (!window.YT?.Player) {
    await loadScript(API);
    await new Promise((resolve) => window.YT.ready(resolve));
  }
  return window.YT;
}

/** The API puts its frame in the place of this element. */
function target(place) {
  const element = document.createElement("div");
  place.replaceChildren(element);
  return element;
}

/** Before it is ready the API's object has no methods: what is ordered then is left out. */
function ordersTo(frame) {
  const order = (name, ...values) => frame.youtube?.[name]?.(...values);
  return {
    play: () => order("playVideo"),
    pause: () => order("pauseVideo"),
    seek: (position) => order("seekTo", position, true),
    setRate: (rate) => order("setPlaybackRate", rate),
    setVolume: (volume) => order("setVolume", Math.round(volume * 100)),
    setMuted: (muted) => order(muted ? "mute" : "unMute"),
    destroy() {
      clearInterval(frame.looking);
      order("destroy");
      frame.place.replaceChildren();
    },
  };
}

function eventsOf(YT, player) {
  const { ENDED, PLAYING, PAUSED, BUFFERING, CUED } = YT.PlayerState;
  const states = {
    [ENDED]: { state: "ended", playing: false },
    [PLAYING]: { state: "ready", playing: true },
    [PAUSED]: { state: "ready", playing: false },
    [BUFFERING]: { state: "buffering", playing: false },
    [CUED]: { state: "ready", playing: false },
  };
  return {
    onReady: ({ target: youtube }) => ready(youtube, player),
    onStateChange: ({ data }) => states[data] && player.know(states[data]),
    onPlaybackRateChange: ({ data }) => player.know({ rate: data }),
    onAutoplayBlocked: () => player.refused(),
    onError: ({ data }) => player.fail(FAULTS[data] ?? "decode", `YouTube ${data}`),
  };
}

function ready(youtube, player) {
  const { sound } = player;
  youtube.setVolume(Math.round(sound.volume() * 100));
  if (sound.isMuted()) youtube.mute();
  const duration = youtube.getDuration() || null;
  const title = youtube.getVideoData?.().title || null;
  player.know({ state: "ready", duration, title, rates: youtube.getAvailablePlaybackRates() });
}

function look(youtube, player) {
  if (!youtube.getCurrentTime) return; // it is not there yet
  player.report(youtube.getCurrentTime());
  const duration = youtube.getDuration() || null;
  const buffered = (duration ?? 0) * (youtube.getVideoLoadedFraction() ?? 0);
  const known = player.buffered()[0]?.[1] ?? 0;
  if (duration !== player.duration() || buffered !== known) player.know({ duration, buffered });
}
