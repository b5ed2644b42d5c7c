const LITTLE = 10; // s

/**
 * Keys of keyboards and headsets, the phone's lock screen, the little window of picture in picture:
 * without us they would stop the player alone, which then is no longer where the room is.
 */
export function installMediaKeys({ session, deeds }) {
  const keys = navigator.mediaSession;
  if (!keys) return;
  const isPlaying = () => Boolean(session.view.room?.timeline.playing);
  const actions = {
    play: () => isPlaying() || deeds.playOrPause(),
    pause: () => isPlaying() && deeds.playOrPause(),
    stop: () => isPlaying() && deeds.playOrPause(),
    seekbackward: ({ seekOffset }) => deeds.jump(-(seekOffset ?? LITTLE)),
    seekforward: ({ seekOffset }) => deeds.jump(seekOffset ?? LITTLE),
    seekto: ({ seekTime }) => deeds.seek(seekTime),
  };
  for (const [action, act] of Object.entries(actions)) listen(keys, action, act);
}

/** Browsers refuse those that they do not know. */
function listen(keys, action, act) {
  try {
    keys.setActionHandler(action, act);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}

/** What the device shows of it. */
export function tellDevice({ room }, title) {
  const keys = navigator.mediaSession;
  if (!keys || !room) return;
  const state = room.timeline.playing ? "playing" : "paused";
  if (keys.playbackState !== state) keys.playbackState = state;
  if (keys.metadata?.title !== title) keys.metadata = new MediaMetadata({ title, artist: room.name });
}
