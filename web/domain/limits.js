/** The bounds of what one may send, as the server has them (`domain/limits.py`); a test compares. */

export const NAME_LENGTH = 80;
export const TITLE_LENGTH = 200;
export const URL_LENGTH = 2_000;
export const PASSWORD_LENGTH = 200;
export const CHAT_LENGTH = 2_000;
export const EMOJI_LENGTH = 16;
export const SLOWEST = 0.25;
export const FASTEST = 4;
export const POSITION_SECONDS = 10_000_000;
export const COMMANDS_IN_FLIGHT = 16;
export const MESSAGES_PER_PAGE = 200;

/** As the server counts: by code points, of what is left when it is trimmed and composed. */
export function lengthOf(text) {
  return [...text.trim().normalize("NFC")].length;
}
