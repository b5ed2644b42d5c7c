/** A way to a server that the test itself plays: it sees what is sent, and answers. */
export class Network {
  sockets = [];

  /** The constructor that sockets are made with. */
  get WebSocket() {
    const network = this;
    return class {
      sent = [];
      isClosed = false;

      constructor(url) {
        this.url = url;
        network.sockets.push(this);
      }

      send(text) {
        this.sent.push(JSON.parse(text));
      }

      close() {
        this.isClosed = true;
      }

      // What the test does at the other end

      open() {
        this.onopen();
      }

      answer(type, data, more = {}) {
        this.onmessage({ data: JSON.stringify({ type, data, ...more }) });
      }

      drop(code = 1006) {
        this.onclose({ code });
      }

      /** The frames of that type, in order. */
      of(type) {
        return this.sent.filter((frame) => frame.type === type);
      }
    };
  }

  get last() {
    return this.sockets.at(-1);
  }
}

export const ALICE = "alice's public id";
export const BOB = "bob's public id";

export function snapshot(changes = {}) {
  return {
    id: "a room", name: "Movie night", host_id: ALICE, seq: 7, epoch: "an epoch",
    current_video_url: "https://example.com/film.mp4", current_video_title: "A film",
    current_position: 120, position_at: 1_700_000_000_000, is_playing: false, playback_rate: 1,
    settings: { control: "host", wait: "all" }, waiting: null,
    users: [
      { id: ALICE, name: "Alice", is_host: true, is_online: true, role: "host", joined_at: "" },
      { id: BOB, name: "Bob", is_host: false, is_online: true, role: "member", joined_at: "" },
    ],
    ...changes,
  };
}
