import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { recognise } from "../../../web/domain/addresses.js";

const ID = "dQw4w9WgXcQ";

describe("YouTube, as its address bar and its share button have it", () => {
  for (const address of [
    `https://www.youtube.com/watch?v=${ID}`, `https://youtube.com/watch?app=desktop&v=${ID}&list=x`,
    `https://m.youtube.com/watch?v=${ID}`, `https://music.youtube.com/watch?v=${ID}`,
    `https://youtu.be/${ID}?si=share`, `https://www.youtube.com/shorts/${ID}`,
    `https://www.youtube.com/live/${ID}?feature=share`, `https://www.youtube.com/embed/${ID}`,
    `https://www.youtube-nocookie.com/embed/${ID}`, `http://www.youtube.com/v/${ID}`,
    `www.youtube.com/watch?v=${ID}`, `youtu.be/${ID}`, `  https://YouTu.be/${ID}  `,
  ]) {
    test(address, () => {
      const { kind, id, url } = recognise(address);
      assert.deepEqual([kind, id, url], ["youtube", ID, `https://www.youtube.com/watch?v=${ID}`]);
    });
  }
});

test("where the address begins in the middle, that is known", () => {
  assert.equal(recognise(`https://youtu.be/${ID}?t=90`).start, 90);
  assert.equal(recognise(`https://www.youtube.com/watch?v=${ID}&t=1h2m3s`).start, 3_723);
  assert.equal(recognise("https://vimeo.com/76979871#t=1m30s").start, 90);
  assert.equal(recognise("https://example.com/film.mp4#t=12").start, 12);
  assert.equal(recognise(`https://youtu.be/${ID}?t=soon`).start, 0);
});

test("a page that shows no single video is nothing to watch", () => {
  for (const address of [
    "https://www.youtube.com/", "https://www.youtube.com/@channel", `https://www.youtube.com/watch?v=short`,
    "https://www.youtube.com/results?search_query=cats", "https://youtu.be/", "https://vimeo.com/about",
  ]) {
    assert.equal(recognise(address), null, address);
  }
});

describe("Vimeo, listed or not", () => {
  for (const [address, hash] of [
    ["https://vimeo.com/76979871", null], ["https://player.vimeo.com/video/76979871", null],
    ["https://vimeo.com/channels/staffpicks/76979871", null],
    ["https://vimeo.com/groups/shorts/videos/76979871", null],
    ["https://vimeo.com/76979871/8272103f6e", "8272103f6e"],
    ["https://player.vimeo.com/video/76979871?h=8272103f6e", "8272103f6e"],
  ]) {
    test(address, () => {
      const video = recognise(address);
      assert.deepEqual([video.kind, video.id, video.hash], ["vimeo", "76979871", hash]);
    });
  }
});

test("a list of streams is HLS, everything else a file", () => {
  assert.equal(recognise("https://example.com/live/index.m3u8?token=1").kind, "hls");
  assert.equal(recognise("https://example.com/LIVE.M3U8").kind, "hls");
  assert.equal(recognise("https://example.com/film.mp4").kind, "file");
  assert.equal(recognise("http://192.168.1.2:8096/stream").kind, "file");
  assert.equal(recognise("example.com/film.webm").url, "https://example.com/film.webm");
});

test("a host that only looks like YouTube is none", () => {
  assert.equal(recognise(`https://notyoutube.com/watch?v=${ID}`).kind, "file");
  assert.equal(recognise(`https://youtube.com.evil.example/watch?v=${ID}`).kind, "file");
});

test("what is no address of the web is nothing", () => {
  for (const text of [
    "", "a film", "film.mp4", "javascript:alert(1)", "file:///etc/passwd", "ftp://example.com/film.mp4",
    "https://", "https://name:word@example.com/film.mp4", `https://example.com/${"x".repeat(2_000)}`,
  ]) {
    assert.equal(recognise(text), null, text);
  }
});
