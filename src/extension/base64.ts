/** A multiple of three, so that the parts of a long text join; small enough for a function's arguments. */
const PART_BYTES = 30_000;

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; start += PART_BYTES)
    parts.push(btoa(String.fromCharCode(...bytes.subarray(start, start + PART_BYTES))));
  return parts.join('');
}
