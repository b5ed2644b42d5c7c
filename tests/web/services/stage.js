/** A session with a server that the test plays, in a time that the test makes. */

import { beforeEach } from "node:test";

import { createUnsent } from "../../../web/rooms/unsent.js";
import { createSession } from "../../../web/services/session.js";
import { VirtualPlayer } from "../player.js";
import { storage } from "../storage.js";
import { FakeTime } from "../time.js";
import { ALICE, BOB, Network, snapshot } from "../wire.js";

const AHEAD = 5_000; // ms that the server's clock is ahead of the device's
export let time;
export let network;
export let page;
export let browser;
/** What the room's log answers. */
export const log = [];
export let session;

beforeEach(() => {
  [time, network, browser] = [new FakeTime(), new Network(), storage()];
  log.length = 0;
  page = { hidden: false, offline: false, hear: () => {} };
  reopen();
});

/** The same browser opens the page again. */
export function reopen(seat = {}) {
  session = createSession({
    roomId: "a room",
    seat: { key: "bob's key", name: "Bob", publicId: BOB, ...seat },
    protocolUrl: "ws://example.com/",
    lobby: { messages: async (_room, query) => log.filter(({ type }) => type === query.type), leave: async () => {} },
    unsent: createUnsent(browser, time.wall),
    attention: {
      isHidden: () => page.hidden,
      isOffline: () => page.offline,
      subscribe: (hear) => {
        page.hear = hear;
        return () => {};
      },
    },
    time,
    WebSocket: network.WebSocket,
    dice: () => 0,
  });
}

/** Answers the questions for the time, as a server 20 ms away would. */
export function pass(duration) {
  for (const end = time.now() + duration; time.now() < end;) {
    time.pass(Math.min(10, end - time.now()));
    for (const { data } of network.last.of("time").filter((one) => !one.isAnswered)) {
      if (time.now() < data.t0 + 20) continue;
      markAnswered(data.t0);
      const at = data.t0 + 10 + serverAhead();
      network.last.answer("time", { t0: data.t0, t1: at, t2: at });
    }
  }
}
const markAnswered = (t0) => {
  network.last.of("time").find(({ data }) => data.t0 === t0).isAnswered = true;
};
const serverAhead = () => time.wall() - time.now() + AHEAD;
export const serverNow = () => time.now() + serverAhead();

export function join(changes = {}) {
  network.last.open();
  network.last.answer("room_update", snapshot(changes));
}
export const happen = (type, data, seq, more = {}) => network.last.answer(type, data, {
  seq, userId: ALICE, timestamp: new Date(serverNow()).toISOString(), ...more,
});
export const told = () => new Promise((resolve) => {
  const stop = session.subscribe(() => {
    stop();
    resolve();
  });
});

export function watchFilm() {
  join({ is_playing: true, position_at: serverNow() });
  const player = new VirtualPlayer(time.now);
  session.attach(player);
  pass(2_500);
  return player;
}
export const statuses = () => network.last.of("status").map(({ data }) => data);
