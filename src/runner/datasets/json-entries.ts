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
  let line = 1;
  let entryLine = 1;
  let depth = 0;
  let isInString = false;
  let isEscaped = false;
  let held: Uint8Array[] = [];
  let heldBytes = 0;

  for await (const piece of file.read()) {
    let entryStart = 0;
    for (let index = 0; index < piece.length; index += 1) {
      const byte = piece[index] as number;
      if (byte === NEWLINE) line += 1;
      if (depth === 0) {
        if (byte === OPEN) {
          depth = 1;
          entryStart = index;
          entryLine = line;
        } else if (!BETWEEN.has(byte)) {
          file.malformed(line, { expected, found: describeText(piece.subarray(index, index + 200)) });
        }
      } else if (isInString) {
        if (byte === NEWLINE)
          file.malformed(line - 1, {
            expected,
            found: 'a text that does not end on its line',
            hint: 'A quotation mark is missing.',
          });
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) isInString = false;
      } else if (byte === QUOTE) {
        isInString = true;
      } else if (byte === OPEN) {
        depth += 1;
      } else if (byte === CLOSE && --depth === 0) {
        const bytes = joinBytes([...held, piece.subarray(entryStart, index + 1)]);
        held = [];
        heldBytes = 0;
        yield { value: parseEntry(file, bytes, entryLine, expected), line: entryLine };
      }
    }
    if (depth > 0) {
      // Kept beyond this turn, and the reader may use the piece's memory again.
      held.push(piece.slice(heldBytes === 0 ? entryStart : 0));
      heldBytes += piece.length - (heldBytes === 0 ? entryStart : 0);
      if (heldBytes > MOST_ENTRY_BYTES)
        file.malformed(entryLine, {
          expected,
          found: `an object that does not end within ${MOST_ENTRY_BYTES / 2 ** 20} MiB`,
          hint: 'A quotation mark or a brace is missing, or all the data is inside one object.',
        });
    }
  }
  if (depth > 0)
    file.malformed(entryLine, {
      expected,
      found: 'an object that never ends',
      hint: 'The file was cut off: get it again.',
    });
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
