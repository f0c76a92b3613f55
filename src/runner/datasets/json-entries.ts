/**
 * The top-level objects of a JSON array or of JSON Lines, one at a time and in bounded memory: such files are larger than a string may be.
 * The bytes are scanned for where an object begins and ends; only the object itself is parsed.
 */
import type { DatasetFile } from './dataset-file.ts';

export interface JsonEntry {
  readonly value: Readonly<Record<string, unknown>>;
  /** Line on which it begins, from 1. */
  readonly line: number;
}

const MOST_ENTRY_BYTES = 64 * 2 ** 20;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const NEWLINE = 0x0a;
/** White space, comma and brackets: what may stand between entries. */
const BETWEEN = new Set([0x20, 0x09, 0x0d, NEWLINE, 0x2c, 0x5b, 0x5d]);

/** @throws RunError RUN_DATASET_MALFORMED */
export async function* readJsonEntries(file: DatasetFile, expected: string): AsyncGenerator<JsonEntry> {
  const scanner = new EntryScanner(file, expected);
  /** The beginning of an entry that goes on in the next piece. */
  let held: Uint8Array[] = [];
  let heldBytes = 0;

  for await (const piece of file.read()) {
    let position = 0;
    for (let end = scanner.scan(piece, position); end !== -1; end = scanner.scan(piece, position)) {
      const start = held.length > 0 ? 0 : scanner.entryStart;
      const bytes = joinBytes([...held, piece.subarray(start, end)]);
      held = [];
      heldBytes = 0;
      position = end;
      yield { value: parseEntry(file, bytes, scanner.entryLine, expected), line: scanner.entryLine };
    }
    if (!scanner.isInEntry) continue;
    // A copy: the reader may use the piece's memory again.
    held.push(piece.slice(held.length > 0 ? 0 : scanner.entryStart));
    heldBytes += held.at(-1)?.length ?? 0;
    if (heldBytes > MOST_ENTRY_BYTES)
      file.malformed(scanner.entryLine, {
        expected,
        found: `an object that does not end within ${MOST_ENTRY_BYTES / 2 ** 20} MiB`,
        hint: 'A brace is missing, or all the data is inside one object.',
      });
  }
  if (scanner.isInEntry)
    file.malformed(scanner.entryLine, {
      expected,
      found: 'an object that never ends',
      hint: 'The file was cut off: get it again.',
    });
}

/** Goes through the bytes in one tight loop: what takes the time with a large file. */
class EntryScanner {
  readonly #file: DatasetFile;
  readonly #expected: string;
  #line = 1;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  /** Line on which the entry begins. */
  entryLine = 1;
  /** Where it begins in the piece in which it begins. */
  entryStart = 0;

  constructor(file: DatasetFile, expected: string) {
    this.#file = file;
    this.#expected = expected;
  }

  get isInEntry(): boolean {
    return this.#depth > 0;
  }

  /** Where the next entry ends, or -1 if that is not in this piece. */
  scan(piece: Uint8Array, from: number): number {
    let depth = this.#depth;
    let index = from;
    let end = -1;
    while (index < piece.length && end === -1) {
      if (this.#isInString) {
        index = this.#skipString(piece, index);
        continue;
      }
      const byte = piece[index++] as number;
      if (byte === QUOTE && depth > 0) this.#isInString = true;
      else if (byte === NEWLINE) this.#line += 1;
      else if (byte === CLOSE && depth > 0) {
        depth -= 1;
        if (depth === 0) end = index;
      } else if (byte === OPEN) {
        depth += 1;
        if (depth === 1) {
          this.entryStart = index - 1;
          this.entryLine = this.#line;
        }
      } else if (depth === 0 && !BETWEEN.has(byte)) {
        const found = describeText(piece.subarray(index - 1, index + 200));
        this.#file.malformed(this.#line, { expected: this.#expected, found });
      }
    }
    this.#depth = depth;
    return end;
  }

  /** From within a text to behind its closing quotation mark, or to the end of the piece. */
  #skipString(piece: Uint8Array, from: number): number {
    let isEscaped = this.#isEscaped;
    for (let index = from; index < piece.length; index += 1) {
      const byte = piece[index] as number;
      if (byte === NEWLINE)
        this.#file.malformed(this.#line, {
          expected: this.#expected,
          found: 'a text that does not end on its line',
          hint: 'A quotation mark is missing.',
        });
      if (isEscaped) isEscaped = false;
      else if (byte === BACKSLASH) isEscaped = true;
      else if (byte === QUOTE) {
        this.#isEscaped = false;
        this.#isInString = false;
        return index + 1;
      }
    }
    this.#isEscaped = isEscaped;
    return piece.length;
  }
}

function parseEntry(file: DatasetFile, bytes: Uint8Array, firstLine: number, expected: string): JsonEntry['value'] {
  let text = '';
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return JSON.parse(text) as JsonEntry['value'];
  } catch (error) {
    const { message } = error as Error;
    if (text === '') return file.malformed(firstLine, { expected: 'UTF-8 text', found: 'bytes that are none' });
    const position = Number(/at position (\d+)/.exec(message)?.[1] ?? 0);
    const line = firstLine + text.slice(0, position).split('\n').length - 1;
    return file.malformed(line, {
      expected,
      found: `JSON that cannot be read (${message.replace(/ \(line .*$/, '')})`,
    });
  }
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : Buffer.concat(parts);
}

/** The beginning of what stands there instead, on one line. */
function describeText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes).replace(/\s+/g, ' ').trim();
  return `\`${text.length > 40 ? `${text.slice(0, 40)}…` : text}\``;
}
