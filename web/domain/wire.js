/**
 * What goes over the socket, both ways. Whatever comes in is checked here before anything of it is
 * used; fields and types that are not known are passed over, since they may be a newer server's.
 *
 * @typedef {{type: string, data: object, seq: number|null, fromSeq: number|null,
 *   userId: string|null, timestamp: string|null}} Frame
 *   A numbered event bears `seq`; a merged one stands for the range from `fromSeq` on.
 */

/** A frame, or what it says, is not of the form that is known here. */
export class NotUnderstood extends Error {
  name = "NotUnderstood";
}

function checked(what, isFine) {
  return (value, field) => {
    if (isFine(value)) return value;
    throw new NotUnderstood(`${field} is no ${what}`);
  };
}

export const number = checked("number", Number.isFinite);
export const text = checked("text", (value) => typeof value === "string");
export const flag = checked("flag", (value) => typeof value === "boolean");
export const object = checked("object", isObject);
const array = checked("list", Array.isArray);

/** A field that may be null or left out. */
export function maybe(check, otherwise = null) {
  return (value, field) => (value === undefined || value === null ? otherwise : check(value, field));
}

export function listOf(check) {
  return (value, field) => array(value, field).map((item) => check(item, field));
}

/** An object whose fields are checked by the shape's; those that it does not name are dropped. */
export function shape(fields) {
  const entries = Object.entries(fields);
  return (value, field = "data") => {
    const given = object(value, field);
    return Object.fromEntries(entries.map(([name, check]) => [name, check(given[name], name)]));
  };
}

const frame = shape({
  type: text,
  data: maybe(object, Object.freeze({})),
  seq: maybe(checked("number of an event", Number.isSafeInteger)),
  fromSeq: maybe(checked("number of an event", Number.isSafeInteger)),
  userId: maybe(text),
  timestamp: maybe(text),
});

/** @returns {Frame} what the server says; throws `NotUnderstood` */
export function decode(bytes) {
  let value;
  try {
    value = JSON.parse(bytes);
  } catch {
    throw new NotUnderstood("a frame is a JSON object");
  }
  return frame(value, "a frame");
}

/** What we say. Fields that are undefined are left out. */
export function encode(type, data, { key, id } = {}) {
  return JSON.stringify({ type, userId: key, data, id });
}

const problem = shape({
  error: maybe(text, ""),
  code: maybe(text, "unknown"),
  retryable: maybe(flag, false),
  retryAfter: maybe(number, 0), // seconds
  ref: maybe(text),
});
const receipt = shape({ ref: text, seq: maybe(number, 0) });
const stamps = shape({ t0: number, t1: number, t2: number });

export const readError = (data) => problem(data);
export const readAck = (data) => receipt(data);
export const readStamps = (data) => stamps(data);


function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
