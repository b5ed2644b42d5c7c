import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Socket } from "../../../web/live/socket.js";
import { FakeTime } from "../time.js";
import { Network } from "../wire.js";

let time;
let network;
let heard;
let wait;
let socket;

beforeEach(() => {
  [time, network, heard, wait] = [new FakeTime(), new Network(), [], 500];
  const owner = {
    opened: () => heard.push("opened"),
    received: (text) => heard.push(text),
    closed: (code) => {
      heard.push(code);
      return wait;
    },
    changed: () => heard.push(socket.state),
  };
  socket = new Socket({ url: "ws://example.com/", time, owner, WebSocket: network.WebSocket });
  socket.connect();
  heard = [];
});

test("one that stands is kept, however often it is asked for", () => {
  socket.connect();
  network.last.open();
  socket.connect();

  assert.equal(network.sockets.length, 1);
  assert.deepEqual(heard, ["open", "opened"]);
});

test("one that is lost is made anew after the wait", () => {
  network.last.open();
  network.last.drop(1012);
  assert.deepEqual([socket.state, socket.retryAt], ["waiting", time.now() + 500]);

  time.pass(499);
  assert.equal(network.sockets.length, 1);
  time.pass(1);
  assert.equal(network.sockets.length, 2);
  assert.deepEqual(heard.slice(2), [1012, "waiting", "connecting"]);
});

test("nobody has to wait who does not want to", () => {
  network.last.drop();
  socket.connect();
  assert.equal(network.sockets.length, 2);
  time.pass(500);
  assert.equal(network.sockets.length, 2);
});

test("where the owner wants no other there is none", () => {
  wait = Infinity;
  network.last.drop(4410);
  time.pass(3_600_000);

  assert.deepEqual([socket.state, network.sockets.length], ["idle", 1]);
});

test("a handshake that does not end is given up", () => {
  time.pass(10_000);
  assert.equal(network.last.isClosed, true);
  time.pass(500);
  assert.equal(network.sockets.length, 2);
});

test("one that falls silent is given up, one that speaks now and then is not", () => {
  network.last.open();
  for (let minute = 0; minute < 10; minute += 1) {
    time.pass(15_000);
    network.last.answer("time", {});
  }
  assert.equal(socket.state, "open");
  time.pass(25_000);

  assert.equal(network.sockets[0].isClosed, true);
  assert.equal(socket.state, "waiting");
});

test("whoever is in doubt finds out sooner", () => {
  network.last.open();
  time.pass(1_000);
  socket.probe(3_000);
  time.pass(2_999);
  assert.equal(socket.state, "open");
  time.pass(1);

  assert.equal(socket.state, "waiting");
});

test("an answer takes the doubt away", () => {
  network.last.open();
  socket.probe(3_000);
  network.last.answer("time", {});
  time.pass(20_000);

  assert.equal(socket.state, "open");
});

test("what comes over a connection that was given up is not listened to", () => {
  network.last.open();
  const old = network.last;
  time.pass(25_500);
  network.last.open();
  heard = [];
  old.answer("play", {});
  old.drop();

  assert.deepEqual(heard, []);
  assert.equal(socket.state, "open");
});

test("binary frames are nothing to us", () => {
  network.last.open();
  network.last.onmessage({ data: new ArrayBuffer(8) });

  assert.deepEqual(heard, ["open", "opened"]);
});

test("one that is closed stays closed, and plans nothing", () => {
  network.last.open();
  socket.close();
  time.pass(3_600_000);

  assert.deepEqual([network.sockets.length, time.planned, socket.state], [1, 0, "idle"]);
});

test("out of the connection nothing is sent", () => {
  socket.send("too early");
  network.last.open();
  socket.send('"in time"');

  assert.deepEqual(network.last.sent, ["in time"]);
});

test("a page that was frozen first hears what has come in meanwhile", () => {
  network.last.open();
  time.pass(10_000);
  const { now } = time;
  time.now = () => now() + 60_000; // its timer runs a minute late
  time.pass(15_000);
  assert.equal(socket.state, "open");
  network.last.answer("time", {});
  time.pass(5_000);

  assert.equal(socket.state, "open");
});
