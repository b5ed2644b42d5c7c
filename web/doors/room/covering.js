/**
 * What has to be said over the picture now, of all that could be said: only what matters most.
 *
 * @typedef {{say: string, code?: string, isTurning?: boolean}} Cover
 */

const FOR_A_TAP = "blocked";

/**
 * @param {object} view the session's
 * @param {{lack: string|null, state: string|null, fault: string|null}} screen
 * @returns {Cover|null}
 */
export function coverOf(view, screen) {
  if (!view.room) return null;
  if (!view.room.video.url) return { say: "no_video" };
  if (screen.lack === "unknown") return { say: "unknown" };
  if (screen.lack === "player_missing") return { say: "fault", code: "player_missing" };
  if (screen.state === "failed") return { say: "fault", code: screen.fault };
  if (screen.state === FOR_A_TAP || view.sync.blocked) return { say: "tap" };
  if (view.room.waiting) return { say: "waiting", isTurning: true };
  if (screen.lack === "loading" || screen.state === "loading") return { say: "loading", isTurning: true };
  return screen.state === "buffering" ? { say: "buffering", isTurning: true } : null;
}

/** A page that came over https may not show what comes without: browsers hold it back. */
export function reasonOf(code, url, protocol) {
  return protocol === "https:" && url.startsWith("http:") ? "insecure" : code;
}

/** Names in a row, the reader's own first: "you", "you and Bob", "you, Bob and 3 more". */
export function namesOf(members, ids, me, texts) {
  const asked = members.filter(({ id }) => ids.includes(id));
  const own = asked.filter(({ id }) => id === me?.id);
  const others = asked.filter(({ id }) => id !== me?.id);
  const [first, second, ...rest] = [...own.map(() => texts.say("person_you")), ...others.map(({ name }) => name)];
  if (!first) return texts.say("somebody");
  if (!second) return first;
  if (!rest.length) return texts.say("names_two", { first, second });
  return texts.say("names_more", { first, second, count: texts.number(rest.length) });
}
