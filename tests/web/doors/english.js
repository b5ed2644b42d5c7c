import { readFileSync } from "node:fs";

import { Texts } from "../../../web/doors/texts.js";

const FOLDER = new URL("../../../web/texts/", import.meta.url);

export function wordsOf(language) {
  return JSON.parse(readFileSync(new URL(`${language}.json`, FOLDER), "utf8"));
}

export const english = new Texts("en", wordsOf("en"));
