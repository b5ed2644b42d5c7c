import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { Texts } from "../../../web/doors/texts.js";
import { english, wordsOf } from "./english.js";

const LANGUAGES = ["en", "de", "ar"];
const WEB = new URL("../../../web/", import.meta.url);
// Texts whose key is put together: `light_${…}` has all that begin so.
const SAID = /\btexts\.(?:say|count|has)\(\s*(?:\w+ \? )?(["`])(\w+)(?:\$\{|\1)/g;

function scripts(folder = WEB) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".js") && !entry.parentPath.includes("vendor"))
    .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, "utf8"));
}

test("what is between braces is filled in, and nothing else", () => {
  assert.equal(english.say("line_seek", { name: "Bob", position: "0:10" }), "Bob went to 0:10");
  assert.equal(english.say("line_joined", { name: "{name} $& \\1" }), "{name} $& \\1 is here");
  assert.equal(english.say("line_joined", {}), "{name} is here");
});

test("a text that is not there is an error, and not an empty place", () => {
  assert.throws(() => english.say("no_such_text"), /no_such_text/);
});

test("numbers take the form that the language has for them", () => {
  const arabic = new Texts("ar", wordsOf("ar"));
  assert.equal(english.count("chat_unread", 1), "1 new line");
  assert.equal(english.count("chat_unread", 1200), "1,200 new lines");
  assert.equal(arabic.count("chat_unread", 2), wordsOf("ar")["chat_unread#two"]);
  assert.match(arabic.count("chat_unread", 11), /سطرًا/);
});

test("a speed of 0.75 is not one of 0.8", () => {
  assert.equal(english.say("speed_value", { rate: english.number(0.75) }), "0.75×");
  assert.equal(english.say("speed_value", { rate: english.number(2) }), "2×");
});

test("every language has a form for every number", () => {
  for (const language of LANGUAGES) {
    const words = wordsOf(language);
    const counted = new Set(Object.keys(words).filter((key) => key.includes("#")).map((key) => key.split("#")[0]));
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const key of counted) for (const form of forms) assert.ok(`${key}#${form}` in words, `${language} ${key}#${form}`);
  }
});

test("a refusal is said by its code, else by the server's words, else by ours", () => {
  assert.equal(english.refusal({ code: "name_taken", message: "x" }), english.say("error_name_taken"));
  assert.equal(english.refusal({ code: "brand_new", message: "The moon is full." }), "The moon is full.");
  assert.equal(english.refusal({ code: "brand_new", message: "" }), english.say("error_other"));
});

test("every text that a script says is there", () => {
  const words = Object.keys(wordsOf("en"));
  const isThere = (key) => words.some((word) => word.startsWith(key));
  const said = scripts().flatMap((script) => [...script.matchAll(SAID)].map(([, , key]) => key));
  assert.ok(said.length > 50);
  assert.deepEqual(said.filter((key) => !isThere(key)), []);
});

test("a room's scripts say nothing that its page keeps from them", () => {
  const page = new URL("../../../syncplay_backend/pages/templates/pages/room.html", import.meta.url);
  const [, kinds] = /without="([\w ]+)"/.exec(readFileSync(page, "utf8"));
  const kept = kinds.split(" ").map((kind) => `${kind}_`);
  const inRooms = scripts(WEB).filter((script) => !script.includes('byId("create")') && !script.includes('byId("yours")'));
  const words = inRooms.flatMap((script) => [...script.matchAll(/["`]([a-z]+_[a-z_]+)(?:["`]|\$\{)/g)].map(([, key]) => key));
  const isText = (key) => Object.keys(wordsOf("en")).some((word) => word.startsWith(key));
  assert.deepEqual(words.filter((key) => isText(key) && kept.some((kind) => key.startsWith(kind))), []);
});

test("no text is there that nobody says", () => {
  const templates = new URL("../../../syncplay_backend/pages/", import.meta.url);
  const served = readdirSync(templates, { withFileTypes: true, recursive: true })
    .filter((entry) => /\.(html|py)$/.test(entry.name))
    .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, "utf8"));
  const all = [...scripts(), ...served].join("\n");
  const prefixes = [...all.matchAll(/`(\w+_)\$\{/g)].map(([, prefix]) => prefix);
  const isSaid = (key) => new RegExp(`["'\`]${key}["'\`]`).test(all) || prefixes.some((prefix) => key.startsWith(prefix));
  const keys = new Set(Object.keys(wordsOf("en")).map((key) => key.split("#")[0]));
  assert.deepEqual([...keys].filter((key) => !isSaid(key)), []);
});
