/** One line of requests.jsonl. Keys stand in the contract's order, whatever order the sender set them in, so that records can be compared as text. */
import { REQUEST_INSTANTS, type RequestRecord } from '../../contract/outcome.ts';
import { JsonBytes } from './json-bytes.ts';

/** How long the connection took stands behind the moment it led to. */
const TIMES = REQUEST_INSTANTS.flatMap((key) => (key === 'sentMs' ? ([key, 'connectMs'] as const) : [key])).map((key) =>
  field(key),
);
const COUNTS = [
  field('inputTokens'),
  field('outputTokens'),
  field('reasoningTokens'),
  field('cachedTokens'),
  field('countedOutputTokens'),
  field('askedOutputTokens'),
] as const;
const TEXTS = [field('detail'), field('finishReason'), field('session')] as const;

const ID = encode('{"id":');
const STAGE = encode(',"stage":');
const BACKEND = encode(',"backend":');
const TOKEN_SOURCE = encode(',"tokenSource":"');
const READS = encode(',"reads":');
const OUTCOME = encode(',"outcome":"');
const REASON = encode(',"reason":"');
const STATUS = encode(',"status":');
const HELD = encode(',"heldMs":');
const RESENDS = encode(',"resends":');
const LOST = encode(',"lost":true');
const DATASET = encode(',"dataset":');
const TURN = encode(',"turn":');
const TURNS = encode(',"turns":');
const GAPS = encode(',"itlMs":[');
const END_OF_GAPS = encode(']');
const END = encode('}\n');
const QUOTE = 34;
const COMMA = 44;

/** JSON text of a record, with its line feed. Times are rounded to the microsecond. */
export function writeRecordLine(record: RequestRecord, out: JsonBytes): void {
  writeNumber(out, ID, record.id);
  writeName(out, STAGE, record.stage);
  writeName(out, BACKEND, record.backend);
  for (const { key, opening } of TIMES) writeDecimal(out, opening, record[key]);
  for (const { key, opening } of COUNTS) writeNumber(out, opening, record[key]);
  writeWord(out, TOKEN_SOURCE, record.tokenSource);
  writeNumber(out, READS, record.reads);
  writeWord(out, OUTCOME, record.outcome);
  writeWord(out, REASON, record.reason);
  writeNumber(out, STATUS, record.status);
  for (const { key, opening } of TEXTS) {
    const text = record[key];
    if (text === undefined) continue;
    out.raw(opening);
    out.text(text);
  }
  writeDecimal(out, HELD, record.heldMs);
  writeNumber(out, RESENDS, record.resends);
  if (record.lost === true) out.raw(LOST);
  writeName(out, DATASET, record.dataset);
  writeNumber(out, TURN, record.turn);
  writeNumber(out, TURNS, record.turns);
  if (record.itlMs !== undefined) writeGaps(out, record.itlMs);
  out.raw(END);
}

/** As text, for a line by itself. */
export function renderRecordLine(record: RequestRecord): string {
  const out = new JsonBytes();
  writeRecordLine(record, out);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(out.take());
}

function writeNumber(out: JsonBytes, opening: Uint8Array, value: number | undefined): void {
  if (value === undefined) return;
  out.raw(opening);
  out.number(value);
}

function writeDecimal(out: JsonBytes, opening: Uint8Array, value: number | undefined): void {
  if (value === undefined) return;
  out.raw(opening);
  out.decimal(value);
}

/** One of the contract's own words: nothing in it needs an escape. */
function writeWord(out: JsonBytes, opening: Uint8Array, word: string | undefined): void {
  if (word === undefined) return;
  out.raw(opening);
  out.ascii(word);
  out.byte(QUOTE);
}

function writeGaps(out: JsonBytes, gapsMs: readonly number[]): void {
  out.raw(GAPS);
  for (let at = 0; at < gapsMs.length; at += 1) {
    if (at > 0) out.byte(COMMA);
    out.decimal(gapsMs[at] as number);
  }
  out.raw(END_OF_GAPS);
}

/** Names of stages, backends and datasets repeat in every line: quoted once. */
const quotedNames = new Map<string, Uint8Array>();

function writeName(out: JsonBytes, opening: Uint8Array, name: string | undefined): void {
  if (name === undefined) return;
  let quoted = quotedNames.get(name);
  if (quoted === undefined) quotedNames.set(name, (quoted = encode(JSON.stringify(name))));
  out.raw(opening);
  out.raw(quoted);
}

function field<Key extends keyof RequestRecord>(key: Key): { readonly key: Key; readonly opening: Uint8Array } {
  return { key, opening: encode(`,"${key}":`) };
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
