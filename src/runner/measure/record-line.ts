/** One line of requests.jsonl. Keys stand in the contract's order, whatever order the sender set them in, so that records can be compared as text. */
import { REQUEST_INSTANTS, type RequestRecord } from '../../contract/outcome.ts';

/** How long the connection took stands behind the moment it led to. */
const TIMES = REQUEST_INSTANTS.flatMap((key) => (key === 'sentMs' ? ([key, 'connectMs'] as const) : [key]));
const COUNTS = [
  'inputTokens',
  'outputTokens',
  'reasoningTokens',
  'cachedTokens',
  'countedOutputTokens',
  'askedOutputTokens',
] as const;
const TEXTS = ['detail', 'finishReason', 'session'] as const;

/** JSON text of a record, with its line feed. Times are rounded to the microsecond. */
export function renderRecordLine(record: RequestRecord): string {
  let line = `{"id":${record.id},"stage":${quoted(record.stage)},"backend":${quoted(record.backend)}`;
  for (const key of TIMES) if (record[key] !== undefined) line += `,"${key}":${microseconds(record[key])}`;
  for (const key of COUNTS) if (record[key] !== undefined) line += `,"${key}":${record[key]}`;
  if (record.tokenSource !== undefined) line += `,"tokenSource":"${record.tokenSource}"`;
  if (record.reads !== undefined) line += `,"reads":${record.reads}`;
  line += `,"outcome":"${record.outcome}"`;
  if (record.reason !== undefined) line += `,"reason":"${record.reason}"`;
  if (record.status !== undefined) line += `,"status":${record.status}`;
  for (const key of TEXTS) if (record[key] !== undefined) line += `,"${key}":${JSON.stringify(record[key])}`;
  if (record.heldMs !== undefined) line += `,"heldMs":${microseconds(record.heldMs)}`;
  if (record.resends !== undefined) line += `,"resends":${record.resends}`;
  if (record.lost === true) line += ',"lost":true';
  if (record.dataset !== undefined) line += `,"dataset":${quoted(record.dataset)}`;
  if (record.turn !== undefined) line += `,"turn":${record.turn}`;
  if (record.turns !== undefined) line += `,"turns":${record.turns}`;
  if (record.itlMs !== undefined) line += `,"itlMs":[${record.itlMs.map(microseconds).join(',')}]`;
  return line + '}\n';
}

function microseconds(valueMs: number): number {
  return Math.round(valueMs * 1000) / 1000;
}

/** Names of stages, backends and datasets repeat in every line: quoted once. */
const quotedNames = new Map<string, string>();

function quoted(name: string): string {
  let text = quotedNames.get(name);
  if (text === undefined) quotedNames.set(name, (text = JSON.stringify(name)));
  return text;
}
