import assert from "node:assert/strict";
import { test } from "node:test";

import { decode, encode, NotUnderstood, readAck, readError, readStamps } from "../../../web/domain/wire.js";

test("what the server says is checked before it is used", () => {
  for (const bytes of [
    "", "null", "[]", "7", "{", '{"type": 7}', '{"type": "a", "data": []}', '{"type": "a", "seq": "1"}',
    '{"type": "a", "seq": 1.5}', '{"type": "a", "userId": {}}',
  ]) {
    assert.throws(() => decode(bytes), NotUnderstood, bytes);
  }
});

test("what is left out is known to be, and what is not known is dropped", () => {
  assert.deepEqual(decode('{"type": "resumed", "new": 1}'), {
    type: "resumed", data: {}, seq: null, fromSeq: null, userId: null, timestamp: null,
  });
});

test("fields that there are none of are not sent", () => {
  assert.equal(encode("play", { position: undefined }, { id: "one" }), '{"type":"play","data":{},"id":"one"}');
});

test("errors and acknowledgements have what there may be in them", () => {
  assert.deepEqual(readError({ error: "No.", code: "not_allowed", retryable: false }), {
    error: "No.", code: "not_allowed", retryable: false, retryAfter: 0, ref: null,
  });
  assert.deepEqual(readAck({ ref: "one", seq: 3 }), { ref: "one", seq: 3 });
  assert.throws(() => readStamps({ t0: 1, t1: null, t2: 3 }), NotUnderstood);
});
