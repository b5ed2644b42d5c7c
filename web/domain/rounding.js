/** Rounds to so many decimals; a tie goes to the even neighbour, as on the server. */
export function rounded(value, digits) {
  const isTie = Math.abs((value * 2 ** (digits + 1)) % 2) === 1;
  if (!isTie) return Number(value.toFixed(digits));
  const scale = 10 ** digits;
  const below = Math.floor(value * scale);
  return (below % 2 === 0 ? below : below + 1) / scale;
}
