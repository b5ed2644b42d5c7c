import assert from "node:assert/strict";
import { test } from "node:test";

import { duration, partsOf } from "../../../web/domain/text.js";

const links = (text) => partsOf(text).filter(({ href }) => href).map(({ href }) => href);

test("plain text is one part, whatever it looks like", () => {
  assert.deepEqual(partsOf("<b>no</b> & \"no\""), [{ text: "<b>no</b> & \"no\"" }]);
  assert.deepEqual(partsOf(""), []);
});

test("an address is a link, and what stands around it is not", () => {
  assert.deepEqual(partsOf("see https://example.com/a?b=c, please"), [
    { text: "see " }, { text: "https://example.com/a?b=c", href: "https://example.com/a?b=c" },
    { text: ", please" },
  ]);
});

test("the parts are the text", () => {
  const text = "(https://en.wikipedia.org/wiki/Mercury_(planet)) and http://example.com!… or https://";
  assert.equal(partsOf(text).map((part) => part.text).join(""), text);
});

test("a bracket that the address has opened is of the address", () => {
  assert.deepEqual(links("(https://en.wikipedia.org/wiki/Mercury_(planet))"), [
    "https://en.wikipedia.org/wiki/Mercury_(planet)",
  ]);
});

test("only http and https are links, and none that hides its host behind a name", () => {
  for (const text of [
    "javascript:alert(1)", "data:text/html,hi", "ftp://example.com", "https://", "https://bank.com@evil.example/",
  ]) {
    assert.deepEqual(links(text), [], text);
  }
});

test("two thousand characters of brackets are read at once", () => {
  const started = performance.now();
  partsOf(`https://a/${")".repeat(1_990)}`);
  assert.ok(performance.now() - started < 200);
});

test("times are read as people write them", () => {
  assert.deepEqual([0, 7.9, 247, 3_723, 36_000, -3].map(duration), [
    "0:00", "0:07", "4:07", "1:02:03", "10:00:00", "0:00",
  ]);
  assert.equal(duration(NaN), "–:––");
  assert.equal(duration(null), "–:––");
});
