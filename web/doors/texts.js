/**
 * The words of the page in one language, from the flat file that the server reads too. A text of a
 * number has one entry for each form that the language has: `people_count#one`, `…#other`.
 */
export class Texts {
  #words;
  #plural;
  #numbers;
  #clock;

  /** @param {string} language @param {Record<string, string>} words */
  constructor(language, words) {
    this.language = language;
    this.#words = words;
    this.#plural = new Intl.PluralRules(language);
    this.#numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
    this.#clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
  }

  has(key) {
    return key in this.#words;
  }

  /** `{name}` in the text becomes the value `name`. */
  say(key, values = {}) {
    const text = this.#words[key];
    if (text === undefined) throw new Error(`No text for ${key}`);
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  }

  count(key, count, values = {}) {
    const form = `${key}#${this.#plural.select(count)}`;
    const counted = { count: this.number(count), ...values };
    return this.say(this.has(form) ? form : `${key}#other`, counted);
  }

  number(value) {
    return this.#numbers.format(value);
  }

  timeOfDay(at) {
    return this.#clock.format(new Date(at));
  }

  /** Why something was refused, in words; the server's own where we have none. */
  refusal({ code, message }) {
    const key = `error_${code}`;
    return this.has(key) ? this.say(key) : message || this.say("error_other");
  }
}
