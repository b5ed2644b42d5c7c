/** What the server, or the way to it, did not let us do: a `code` to go by, a `message` to read. */
export class Refused extends Error {
  name = "Refused";

  /** `errors`: texts by field; `retryAfter`: seconds */
  constructor(code, message, { errors = {}, retryAfter = 0 } = {}) {
    super(message);
    this.code = code;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }
}
