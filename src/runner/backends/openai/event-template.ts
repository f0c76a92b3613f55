/**
 * Recognises an output event without parsing it. Within one answer neighbouring events are the same bytes but for the
 * text of one JSON string. So once an event has been parsed in full and carried nothing but that string, another one that
 * equals it byte for byte outside the string, and is a well-formed non-empty string inside, means the same. There is
 * nothing to guess: whatever does not match goes to the parser.
 */
const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
const LF = 10;
const LOWER_U = 117;
/** What may follow a backslash besides `u`: " \ / b f n r t */
const SIMPLE_ESCAPES: ReadonlySet<number> = new Set([34, 92, 47, 98, 102, 110, 114, 116]);

/** Room for an event of most servers, so that the same memory serves answer after answer. */
const MIN_EVENT_BYTES = 512;
const NOTHING = new Uint8Array(0);
/** Events that differ in more than their text are not worth learning again and again. */
const MAX_FRUITLESS_LESSONS = 8;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

export class EventTemplate {
  /** Where the string's text lay in the bytes last matched. */
  textStart = 0;
  textEnd = 0;
  /** What a match means: READ_ bits. */
  bits = 0;

  private event = NOTHING;
  private eventLength = 0;
  /** Up to and with the opening quote. */
  private prefixLength = 0;
  /** From the closing quote on. */
  private suffixLength = 0;
  private fruitlessLessons = 0;

  /** Where the event that begins at `from` ends, if it matches and ends before `limit`; else -1. */
  match(bytes: Uint8Array, from: number, limit = bytes.length): number {
    const { event, eventLength, prefixLength, suffixLength } = this;
    if (eventLength === 0) return -1;
    if (limit - from <= prefixLength + suffixLength) return -1;
    // Most that do not match differ here already.
    if (bytes[from + prefixLength - 1] !== QUOTE || !isSame(bytes, from, event, 0, prefixLength)) return -1;
    const textStart = from + prefixLength;
    const textEnd = endOfString(bytes, textStart, limit);
    if (textEnd <= textStart || limit - textEnd < suffixLength) return -1;
    if (!isSame(bytes, textEnd, event, eventLength - suffixLength, suffixLength)) return -1;
    this.textStart = textStart;
    this.textEnd = textEnd;
    this.fruitlessLessons = 0;
    return textEnd + suffixLength;
  }

  /**
   * Takes the event in `bytes` from `start` to `end`, of which the parser found that its one output is the string `text`
   * under `key`, and that nothing else in it matters, as the new template.
   */
  learn(bytes: Uint8Array, start: number, end: number, key: string, text: string, bits: number): void {
    // An event that ends in CR leaves the framer waiting for a LF.
    if (this.fruitlessLessons >= MAX_FRUITLESS_LESSONS || bytes[end - 1] !== LF) return;
    const textStart = findStringOf(bytes, start, end, key);
    if (textStart < 0) return;
    const textEnd = endOfString(bytes, textStart, end);
    if (textEnd < 0 || textEnd >= end || unquote(bytes, textStart, textEnd) !== text) return;
    this.fruitlessLessons += 1;
    this.keep(bytes, start, end);
    this.prefixLength = textStart - start;
    this.suffixLength = end - textEnd;
    this.bits = bits;
  }

  /** Forgets what it has learnt: another answer begins. */
  reset(): void {
    this.eventLength = 0;
    this.fruitlessLessons = 0;
  }

  private keep(bytes: Uint8Array, start: number, end: number): void {
    this.eventLength = end - start;
    if (this.event.length < this.eventLength)
      this.event = Buffer.allocUnsafe(Math.max(MIN_EVENT_BYTES, this.eventLength));
    for (let at = start; at < end; at += 1) this.event[at - start] = bytes[at] as number;
  }
}

/** Native: for the lengths at hand three times as fast as a loop. */
function isSame(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number, length: number): boolean {
  return Buffer.prototype.compare.call(a, b, bStart, bStart + length, aStart, aStart + length) === 0;
}

/** The closing quote of the JSON string whose text begins at `start`; -1 if it is not well-formed or not complete. */
function endOfString(bytes: Uint8Array, start: number, limit: number): number {
  for (let at = start; at < limit; at += 1) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return at;
    if (byte < SPACE) return -1;
    if (byte !== BACKSLASH) continue;
    at += 1;
    const escape = at < limit ? bytes[at] : undefined;
    if (escape === LOWER_U) {
      if (at + 4 >= limit) return -1;
      for (let digit = 1; digit <= 4; digit += 1) if (!isHexDigit(bytes[at + digit])) return -1;
      at += 4;
    } else if (escape === undefined || !SIMPLE_ESCAPES.has(escape)) return -1;
  }
  return -1;
}

function isHexDigit(byte: number | undefined): boolean {
  return (
    byte !== undefined && ((byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102))
  );
}

/**
 * Where the text of the string under `key` begins, if `key` occurs once. In valid JSON the bytes `"key":` can only be
 * a key: inside a string the quotes would be escaped, and a string used as a value is not followed by a colon.
 */
function findStringOf(bytes: Uint8Array, start: number, end: number, key: string): number {
  const pattern = `"${key}":`;
  let found = -1;
  for (let at = start; at <= end - pattern.length; at += 1) {
    if (bytes[at] !== QUOTE) continue;
    let same = 1;
    while (same < pattern.length && bytes[at + same] === pattern.charCodeAt(same)) same += 1;
    if (same < pattern.length) continue;
    if (found >= 0) return -1;
    found = at + pattern.length;
  }
  if (found < 0) return -1;
  while (bytes[found] === SPACE) found += 1;
  return bytes[found] === QUOTE ? found + 1 : -1;
}

function unquote(bytes: Uint8Array, textStart: number, textEnd: number): unknown {
  try {
    return JSON.parse(utf8.decode(bytes.subarray(textStart - 1, textEnd + 1)));
  } catch {
    return undefined;
  }
}
