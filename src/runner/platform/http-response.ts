/**
 * Reads the answers of one HTTP/1.1 connection out of network reads cut anywhere (RFC 9112). It copies nothing but a head that comes in
 * pieces and allocates nothing per read, since it stands between the stamp of a read and the bytes it is of.
 */

/** Status line and headers together; trailers too. */
export const MAX_HEAD_BYTES = 64 * 1024;
/** A chunk's size with its extensions. */
const MAX_SIZE_LINE_BYTES = 4 * 1024;
/** 2^48: more is no size. */
const MAX_SIZE_DIGITS = 12;

const LF = 10;
const CR = 13;
const SEMICOLON = 59;
const OPENING = Buffer.from('HTTP/1.');

/** Lower-case names; several fields of one name are a list. */
export type ResponseFields = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface ResponseEvents {
  /** Of the final answer: interim ones (1xx) are passed over. */
  onHead(status: number, fields: ResponseFields): void;
  /** Bytes of the body, good until the call returns: `bytes` from `start` to `end`, at least one. */
  onBody(bytes: Buffer, start: number, end: number): void;
  /** The answer is complete. */
  onEnd(): void;
  /** What comes is not HTTP, or more than anybody holds. Nothing is read after it. */
  onBroken(kind: 'malformed' | 'too-large', detail: string): void;
}

type Framing = 'none' | 'length' | 'chunked' | 'close';

interface Head {
  readonly status: number;
  readonly fields: ResponseFields;
  readonly framing: Framing;
  readonly lengthBytes: number;
  readonly keepsAlive: boolean;
  /** How long the server says it keeps an idle connection. */
  readonly keepAliveMs: number | undefined;
}

const HEAD = 0;
const COUNTED = 1;
const UNTIL_CLOSE = 2;
const CHUNK_SIZE = 3;
const CHUNK_EXTENSION = 4;
const CHUNK_DATA = 5;
const CHUNK_END = 6;
const TRAILER = 7;
const OVER = 8;

export class ResponseReader {
  /** The connection can take another request once this answer is over. */
  keepsAlive = false;
  keepAliveMs: number | undefined;

  private state = OVER;
  private events: ResponseEvents | undefined;
  /** Of a head that came in pieces. */
  private pieces: Buffer[] = [];
  /** Of the head, the size line or the trailer being read. */
  private seenBytes = 0;
  private isLineEmpty = true;
  /** Of a counted body, or of the chunk. */
  private leftBytes = 0;
  private sizeDigits = 0;

  /** No answer is being read. */
  get isOver(): boolean {
    return this.state === OVER;
  }

  /** A request was sent. */
  begin(events: ResponseEvents): void {
    this.events = events;
    this.state = HEAD;
    this.keepsAlive = false;
    this.keepAliveMs = undefined;
    this.beginLines();
  }

  /** The answer is of no interest any more. */
  stop(): void {
    this.state = OVER;
    this.keepsAlive = false;
    this.events = undefined;
  }

  /** One network read: `bytes` from `start` to `end`. */
  read(bytes: Buffer, start: number, end: number): void {
    let at = start;
    while (at < end && this.state !== OVER) at = this.step(bytes, at, end);
    // Nothing was asked that these could answer.
    if (at < end) this.keepsAlive = false;
  }

  /** The server closed its side. True if that is how the answer ends. */
  endOfInput(): boolean {
    this.keepsAlive = false;
    if (this.state !== UNTIL_CLOSE) return false;
    this.finish();
    return true;
  }

  private step(bytes: Buffer, at: number, end: number): number {
    switch (this.state) {
      case HEAD:
        return this.readHead(bytes, at, end);
      case COUNTED:
      case CHUNK_DATA:
        return this.readCounted(bytes, at, end);
      case UNTIL_CLOSE:
        this.events?.onBody(bytes, at, end);
        return end;
      case CHUNK_SIZE:
      case CHUNK_EXTENSION:
        return this.readSize(bytes, at, end);
      case CHUNK_END:
        return this.readChunkEnd(bytes, at);
      default:
        return this.readTrailer(bytes, at, end);
    }
  }

  private readHead(bytes: Buffer, from: number, end: number): number {
    for (let at = from; at < end && this.seenBytes + at - from < OPENING.length; at += 1)
      if (bytes[at] !== OPENING[this.seenBytes + at - from])
        return this.break(end, 'malformed', 'not an HTTP/1 answer');
    const headEnd = this.endOfLines(bytes, from, end);
    this.seenBytes += (headEnd < 0 ? end : headEnd) - from;
    if (this.seenBytes > MAX_HEAD_BYTES)
      return this.break(end, 'too-large', `headers of more than ${MAX_HEAD_BYTES} bytes`);
    if (headEnd < 0) {
      this.pieces.push(Buffer.from(bytes.subarray(from, end)));
      return end;
    }
    let text = bytes.toString('latin1', from, headEnd);
    if (this.pieces.length > 0) {
      text = Buffer.concat(this.pieces).toString('latin1') + text;
      this.pieces = [];
    }
    const head = parseHeadOnce(text);
    if (typeof head === 'string') return this.break(end, 'malformed', head);
    this.beginBody(head);
    return headEnd;
  }

  private beginBody(head: Head): void {
    if (head.status < 200) {
      this.beginLines();
      return;
    }
    this.keepsAlive = head.keepsAlive;
    this.keepAliveMs = head.keepAliveMs;
    this.leftBytes = head.lengthBytes;
    if (head.framing === 'chunked') this.beginSize();
    else this.state = head.framing === 'close' ? UNTIL_CLOSE : COUNTED;
    this.events?.onHead(head.status, head.fields);
    if (this.state === COUNTED && this.leftBytes === 0) this.finish();
  }

  private readCounted(bytes: Buffer, at: number, end: number): number {
    const stop = Math.min(end, at + this.leftBytes);
    const isChunk = this.state === CHUNK_DATA;
    this.leftBytes -= stop - at;
    if (isChunk && this.leftBytes === 0) this.state = CHUNK_END;
    this.events?.onBody(bytes, at, stop);
    if (this.state === COUNTED && this.leftBytes === 0) this.finish();
    return stop;
  }

  private readSize(bytes: Buffer, from: number, end: number): number {
    for (let at = from; at < end; at += 1) {
      const byte = bytes[at] as number;
      this.seenBytes += 1;
      if (byte === LF) {
        if (this.sizeDigits === 0) return this.break(end, 'malformed', 'a chunk without a size');
        this.state = this.leftBytes === 0 ? TRAILER : CHUNK_DATA;
        if (this.leftBytes === 0) this.beginLines();
        return at + 1;
      }
      if (this.seenBytes > MAX_SIZE_LINE_BYTES) return this.break(end, 'too-large', 'a chunk size without end');
      if (this.state === CHUNK_EXTENSION || byte === CR) continue;
      const digit = hexDigit(byte);
      if (digit >= 0 && this.sizeDigits < MAX_SIZE_DIGITS) {
        this.leftBytes = this.leftBytes * 16 + digit;
        this.sizeDigits += 1;
      } else if (this.sizeDigits > 0 && (byte === SEMICOLON || byte === 32 || byte === 9)) this.state = CHUNK_EXTENSION;
      else return this.break(end, 'malformed', 'a chunk size that is not a number');
    }
    return end;
  }

  private readChunkEnd(bytes: Buffer, at: number): number {
    if (bytes[at] === LF) this.beginSize();
    else if (bytes[at] !== CR || !this.isLineEmpty)
      return this.break(at + 1, 'malformed', 'a chunk longer than its size');
    else this.isLineEmpty = false;
    return at + 1;
  }

  private readTrailer(bytes: Buffer, from: number, end: number): number {
    // The last chunk's own line is over, so an empty line ends it all.
    const trailerEnd = this.endOfLines(bytes, from, end);
    this.seenBytes += (trailerEnd < 0 ? end : trailerEnd) - from;
    if (this.seenBytes > MAX_HEAD_BYTES)
      return this.break(end, 'too-large', `trailers of more than ${MAX_HEAD_BYTES} bytes`);
    if (trailerEnd >= 0) this.finish();
    return trailerEnd < 0 ? end : trailerEnd;
  }

  /** Where the lines end with an empty one; -1 if they do not yet. A lone LF ends a line too, as §2.2 lets it. */
  private endOfLines(bytes: Buffer, from: number, end: number): number {
    let isEmpty = this.isLineEmpty;
    for (let at = from; at < end; at += 1) {
      const byte = bytes[at];
      if (byte === LF) {
        if (isEmpty) return at + 1;
        isEmpty = true;
      } else if (byte !== CR) isEmpty = false;
    }
    this.isLineEmpty = isEmpty;
    return -1;
  }

  private beginLines(): void {
    this.seenBytes = 0;
    this.isLineEmpty = true;
    if (this.pieces.length > 0) this.pieces = [];
  }

  private beginSize(): void {
    this.state = CHUNK_SIZE;
    this.seenBytes = 0;
    this.sizeDigits = 0;
    this.leftBytes = 0;
    this.isLineEmpty = true;
  }

  private finish(): void {
    const { events } = this;
    this.state = OVER;
    this.events = undefined;
    events?.onEnd();
  }

  private break(at: number, kind: 'malformed' | 'too-large', detail: string): number {
    const { events } = this;
    this.stop();
    events?.onBroken(kind, detail);
    return at;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** One server's heads are mostly the same to the byte, within the second that their date tells. */
let newest: { readonly text: string; readonly head: Head | string } | undefined;

function parseHeadOnce(text: string): Head | string {
  if (newest?.text !== text) newest = { text, head: parseHead(text) };
  return newest.head;
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [^\r\n]*)?$/;
const FIELD_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Or what is wrong with it. */
function parseHead(text: string): Head | string {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  const [, minor, statusText] = STATUS_LINE.exec(lines[0] ?? '') ?? [];
  if (minor === undefined || statusText === undefined) return 'a status line that is none';
  const fields: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  let name = '';
  for (const line of lines.slice(1)) {
    if (line === '') break;
    // A field continued on the next line, as it was once allowed (§5.2).
    if ((line.startsWith(' ') || line.startsWith('\t')) && name !== '') {
      extendField(fields, name, line.trim());
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0 || !FIELD_NAME.test(line.slice(0, colon))) return 'a header line that is none';
    name = line.slice(0, colon).toLowerCase();
    addField(fields, name, line.slice(colon + 1).trim());
  }
  return describeHead(Number(statusText), minor === '1', fields);
}

function addField(fields: Record<string, string | string[]>, name: string, value: string): void {
  const before = fields[name];
  if (before === undefined) fields[name] = value;
  else if (typeof before === 'string') fields[name] = [before, value];
  else before.push(value);
}

function extendField(fields: Record<string, string | string[]>, name: string, more: string): void {
  const before = fields[name];
  if (typeof before === 'string') fields[name] = `${before} ${more}`;
  else if (before !== undefined) before.push(`${before.pop() ?? ''} ${more}`);
}

/** §6.3, message body length; §9.3, persistence. */
function describeHead(status: number, isHttp11: boolean, fields: ResponseFields): Head | string {
  if (status === 101) return 'another protocol, which nobody asked for';
  const options = listOf(fields['connection']);
  const codings = listOf(fields['transfer-encoding']);
  const lengths = new Set(listOf(fields['content-length']));
  const keepsAlive = !options.includes('close') && (isHttp11 || options.includes('keep-alive'));
  const timeout = /(?:^|[\s,])timeout=(\d{1,9})/.exec(listOf(fields['keep-alive']).join(','))?.[1];
  const head = { status, fields, keepsAlive, keepAliveMs: timeout === undefined ? undefined : Number(timeout) * 1000 };
  if (status < 200 || status === 204 || status === 304) return { ...head, framing: 'none', lengthBytes: 0 };
  if (codings.length > 0) {
    if (codings.some((coding) => coding !== 'chunked' && coding !== 'identity'))
      return `transfer-encoding: ${codings.join(', ')}`;
    if (!codings.includes('chunked')) return { ...head, framing: 'close', lengthBytes: 0, keepsAlive: false };
    // Both a length and chunks: chunks count, and the connection is not to be trusted further.
    return { ...head, framing: 'chunked', lengthBytes: 0, keepsAlive: keepsAlive && lengths.size === 0 && isHttp11 };
  }
  if (lengths.size === 0) return { ...head, framing: 'close', lengthBytes: 0, keepsAlive: false };
  const [length = ''] = lengths;
  if (lengths.size > 1 || !/^\d{1,15}$/.test(length)) return 'a content-length that is none';
  return { ...head, framing: 'length', lengthBytes: Number(length) };
}

/** Members of a comma-separated field, in lower case. */
function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  const text = typeof value === 'string' ? value : value.join(',');
  return text
    .toLowerCase()
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
}
