/**
 * Server-sent events out of network reads cut anywhere, by bytes and without trimming, as the HTML standard frames them
 * (§9.2.6): lines end with CRLF, LF or CR; a blank line ends an event; `:` begins a comment; several `data` lines join with LF.
 */
import { ByteBuffer } from './byte-buffer.ts';

/** One event's data, and any line before it is complete. */
export const MAX_EVENT_BYTES = 1024 * 1024;
const MAX_NAME_BYTES = 64;

const LF = 10;
const CR = 13;
const SPACE = 32;
const COLON = 58;
const BOM = [0xef, 0xbb, 0xbf] as const;
const NOTHING: Uint8Array = new Uint8Array(0);

// `ignoreBOM`: one inside the stream is text. Not fatal: what is not UTF-8 becomes U+FFFD, as everywhere on the web.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

export class SseFramer {
  /** After `advance`: an event is complete, `data()` and `name` are its. */
  hasEvent = false;
  /** The `event:` field; empty when the event has none. */
  name = '';
  /** A line or an event went beyond `MAX_EVENT_BYTES`; what comes after it is not read. */
  isTooLarge = false;
  /** The first field whose name the standard does not know: a sign that this is no event stream, or of llama.cpp's old `error:`. */
  unknownField: { readonly name: string; readonly value: string } | undefined;

  private readonly line = new ByteBuffer(MAX_EVENT_BYTES);
  private readonly held = new ByteBuffer(MAX_EVENT_BYTES);
  private bomBytes = 0;
  private isAfterCr = false;
  private nextName = '';
  private dataLines = 0;
  /** The only data line so far lies in the read being handled, not yet copied. */
  private isInPlace = false;
  private source = NOTHING;
  private start = 0;
  private end = 0;

  /** Forgets everything: another stream begins. */
  reset(): void {
    this.hasEvent = false;
    this.name = '';
    this.isTooLarge = false;
    this.unknownField = undefined;
    this.line.reset();
    this.held.reset();
    this.bomBytes = 0;
    this.isAfterCr = false;
    this.nextName = '';
    this.dataLines = 0;
    this.isInPlace = false;
    this.source = NOTHING;
    this.start = 0;
    this.end = 0;
  }

  /** Nothing of the next event has been read, so its bytes may be looked at without `advance`. */
  get isBetweenEvents(): boolean {
    return (
      this.dataLines === 0 && this.line.length === 0 && this.bomBytes === 3 && !this.isAfterCr && this.nextName === ''
    );
  }

  /**
   * Reads `bytes` from `from` up to the end of an event, or to `limit`. Returns where it stopped. An event's `data()` must be
   * fetched before the next call.
   */
  advance(bytes: Uint8Array, from: number, limit = bytes.length): number {
    if (this.hasEvent) this.beginEvent();
    let at = this.bomBytes === 3 ? from : this.skipBom(bytes, from, limit);
    while (at < limit && !this.isTooLarge) {
      if (this.isAfterCr) {
        this.isAfterCr = false;
        if (bytes[at] === LF) {
          at += 1;
          continue;
        }
      }
      let lineEnd = at;
      while (lineEnd < limit && bytes[lineEnd] !== LF && bytes[lineEnd] !== CR) lineEnd += 1;
      if (lineEnd === limit) {
        if (!this.line.append(bytes, at, lineEnd)) this.isTooLarge = true;
        at = lineEnd;
        break;
      }
      this.isAfterCr = bytes[lineEnd] === CR;
      this.endLine(bytes, at, lineEnd);
      at = lineEnd + 1;
      if (this.hasEvent) {
        // Taken along now, so that the next event begins where a line begins.
        if (this.isAfterCr && at < limit && bytes[at] === LF) {
          this.isAfterCr = false;
          at += 1;
        }
        return at;
      }
    }
    // What was read may be overwritten by the next read.
    if (this.isInPlace) this.holdData();
    return at;
  }

  /** At the end of the body: an event without its blank line, or even its line end, is still one. True if there is one. */
  finish(): boolean {
    if (this.hasEvent) this.beginEvent();
    if (this.isTooLarge) return false;
    if (this.line.length > 0) {
      const last = this.line.view().slice();
      this.line.clear();
      this.field(last, 0, last.length);
    }
    this.endEvent();
    return this.hasEvent;
  }

  /** The event's data as text. */
  data(): string {
    return utf8.decode(this.source.subarray(this.start, this.end));
  }

  /** Whether the event's data is this word of ASCII, without making a text of it. */
  isData(word: string): boolean {
    return this.end - this.start === word.length && isWord(this.source, this.start, word);
  }

  private endLine(bytes: Uint8Array, start: number, end: number): void {
    if (this.line.length === 0) {
      if (start === end) this.endEvent();
      else this.field(bytes, start, end);
      return;
    }
    if (!this.line.append(bytes, start, end)) {
      this.isTooLarge = true;
      return;
    }
    const whole = this.line.view();
    this.field(whole, 0, whole.length);
    // Its bytes are about to be used for the next line.
    if (this.isInPlace) this.holdData();
    this.line.clear();
  }

  private field(bytes: Uint8Array, start: number, end: number): void {
    let colon = start;
    while (colon < end && bytes[colon] !== COLON) colon += 1;
    if (colon === start) return;
    let valueStart = Math.min(colon + 1, end);
    if (bytes[valueStart] === SPACE && valueStart < end) valueStart += 1;
    const nameBytes = colon - start;
    if (nameBytes === 4 && isWord(bytes, start, 'data')) this.addData(bytes, valueStart, end);
    else if (nameBytes === 5 && isWord(bytes, start, 'event'))
      this.nextName = utf8.decode(bytes.subarray(valueStart, Math.min(end, valueStart + MAX_NAME_BYTES)));
    else if (nameBytes === 2 && isWord(bytes, start, 'id')) return;
    else if (nameBytes === 5 && isWord(bytes, start, 'retry')) return;
    else
      this.unknownField ??= {
        name: utf8.decode(bytes.subarray(start, Math.min(colon, start + MAX_NAME_BYTES))),
        value: utf8.decode(bytes.subarray(valueStart, Math.min(end, valueStart + 4096))),
      };
  }

  private addData(bytes: Uint8Array, start: number, end: number): void {
    this.dataLines += 1;
    if (this.dataLines === 1) {
      this.source = bytes;
      this.start = start;
      this.end = end;
      this.isInPlace = true;
      return;
    }
    if (this.isInPlace) this.holdData();
    if (!this.held.appendByte(LF) || !this.held.append(bytes, start, end)) this.isTooLarge = true;
    this.source = this.held.view();
    this.end = this.held.length;
  }

  private holdData(): void {
    this.isInPlace = false;
    this.held.clear();
    if (!this.held.append(this.source, this.start, this.end)) this.isTooLarge = true;
    this.source = this.held.view();
    this.start = 0;
    this.end = this.held.length;
  }

  private endEvent(): void {
    this.hasEvent = this.dataLines > 0;
    this.name = this.nextName;
    this.nextName = '';
    this.dataLines = 0;
    this.isInPlace = false;
  }

  private beginEvent(): void {
    this.hasEvent = false;
    this.name = '';
    this.held.clear();
  }

  private skipBom(bytes: Uint8Array, from: number, limit: number): number {
    let at = from;
    while (this.bomBytes < 3 && at < limit) {
      if (bytes[at] === BOM[this.bomBytes]) {
        this.bomBytes += 1;
        at += 1;
        continue;
      }
      for (let seen = 0; seen < this.bomBytes; seen += 1) this.line.appendByte(BOM[seen] as number);
      this.bomBytes = 3;
    }
    return at;
  }
}

function isWord(bytes: Uint8Array, start: number, word: string): boolean {
  for (let at = 0; at < word.length; at += 1) if (bytes[start + at] !== word.charCodeAt(at)) return false;
  return true;
}
