import assert from "node:assert/strict";
import { test } from "node:test";

import { asWebVtt, looksLikeSubtitles } from "../../../../web/live/players/subtitles.js";

test("WebVTT stays as it is, whatever ends its lines", () => {
  assert.equal(asWebVtt("\uFEFFWEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\na, b"), "WEBVTT\n\n00:01.000 --> 00:02.000\na, b");
});

test("SRT gets the head of WebVTT, and points for its commas", () => {
  const srt = "1\r\n00:00:01,500 --> 00:00:02,000\r\nWell, 1,500 of them\r\n";
  assert.equal(asWebVtt(srt), "WEBVTT\n\n1\n00:00:01.500 --> 00:00:02.000\nWell, 1,500 of them\n");
});

test("a page of HTML is none", () => {
  assert.equal(looksLikeSubtitles("<!doctype html><title>Not found</title>"), false);
  assert.equal(looksLikeSubtitles(asWebVtt("1\n00:00:01,500 --> 00:00:02,000\nYes")), true);
});
