import { setText, show } from "./dom.js";

/**
 * A form that asks the server: while it is asked the button waits, and a refusal stands in the
 * form. What was typed stays.
 */
export class AskingForm {
  #form;
  #fault;
  #button;
  #texts;
  #busy = false;

  /** @param {{form: HTMLFormElement, fault: HTMLElement, button: HTMLElement, texts: object}} parts */
  constructor({ form, fault, button, texts }) {
    this.#form = form;
    this.#fault = fault;
    this.#button = button;
    this.#texts = texts;
  }

  /** @param {(fields: FormData) => Promise<void>} ask @param {string} going what the button says meanwhile */
  whenSent(ask, going) {
    const ready = this.#button.textContent;
    this.#form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (this.#busy) return;
      this.#wait(true, going);
      try {
        await ask(new FormData(this.#form));
      } catch (refusal) {
        this.refuse(refusal);
      } finally {
        this.#wait(false, ready);
      }
    });
  }

  refuse(refusal) {
    setText(this.#fault, this.#reason(refusal));
    show(this.#fault, true);
  }

  /** Of what is "invalid" the server's words for the fields say more than the code. */
  #reason(refusal) {
    const fields = refusal.code === "invalid" ? Object.values(refusal.errors ?? {}).flat() : [];
    return [this.#texts.refusal(refusal), ...fields].join(" ");
  }

  #wait(isBusy, text) {
    this.#busy = isBusy;
    this.#button.setAttribute("aria-disabled", String(isBusy));
    setText(this.#button, text);
    if (isBusy) show(this.#fault, false);
  }
}
