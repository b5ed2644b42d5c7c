import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Sound } from "../../../../web/live/players/sound.js";

let speaker;
let sound;

beforeEach(() => {
  speaker = { volume: 1, muted: false };
  const orders = {
    setVolume: (volume) => { speaker.volume = volume; },
    setMuted: (muted) => { speaker.muted = muted; },
  };
  sound = new Sound(orders, () => {});
});

test("what the browser silenced comes back with a gesture", () => {
  sound.silence();
  assert.deepEqual([speaker.muted, sound.isSilenced()], [true, true]);
  sound.restore();
  assert.deepEqual([speaker.muted, sound.isSilenced()], [false, false]);
});

test("what the viewer silenced stays silent", () => {
  sound.setMuted(true);
  sound.silence();
  assert.equal(sound.isSilenced(), false);
  sound.restore();
  assert.equal(speaker.muted, true);
});

test("to turn the sound on is a gesture too", () => {
  sound.silence();
  sound.setMuted(false);
  assert.deepEqual([speaker.muted, sound.isSilenced()], [false, false]);
});

test("it gets no louder than loud and no quieter than silent", () => {
  sound.setVolume(7);
  assert.equal(speaker.volume, 1);
  sound.setVolume(-1);
  assert.equal(speaker.volume, 0);
});
