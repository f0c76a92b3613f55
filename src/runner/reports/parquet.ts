/**
 * requests.parquet: the record's requests for pandas, DuckDB and the like, a row per line with the columns named alike. Written row group by
 * row group, so that a record of any length takes the same memory.
 */
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import type { RequestRecord } from '../../contract/outcome.ts';
import { RESULT_FILES } from '../../contract/record.ts';
import type { RecordSource } from '../measure/fold-record.ts';
import { isRequestRecord } from '../measure/record-check.ts';
import { readJsonLines, type LineTally } from '../measure/record-lines.ts';

type Kind = 'INT64' | 'INT32' | 'DOUBLE' | 'STRING' | 'BOOLEAN';
type Column = Exclude<keyof RequestRecord, 'itlMs'>;

const COLUMNS: Readonly<Record<Column, Kind>> = {
  // Later turns of a conversation have numbers beyond 32 bits.
  id: 'INT64',
  stage: 'STRING',
  backend: 'STRING',
  dueMs: 'DOUBLE',
  sentMs: 'DOUBLE',
  connectMs: 'DOUBLE',
  headersMs: 'DOUBLE',
  firstByteMs: 'DOUBLE',
  firstMs: 'DOUBLE',
  firstAnswerMs: 'DOUBLE',
  lastMs: 'DOUBLE',
  endMs: 'DOUBLE',
  heldMs: 'DOUBLE',
  inputTokens: 'INT32',
  outputTokens: 'INT32',
  reasoningTokens: 'INT32',
  cachedTokens: 'INT32',
  countedOutputTokens: 'INT32',
  askedOutputTokens: 'INT32',
  tokenSource: 'STRING',
  reads: 'INT32',
  outcome: 'STRING',
  reason: 'STRING',
  status: 'INT32',
  detail: 'STRING',
  finishReason: 'STRING',
  resends: 'INT32',
  lost: 'BOOLEAN',
  dataset: 'STRING',
  session: 'STRING',
  turn: 'INT32',
  turns: 'INT32',
};
const NAMES = Object.keys(COLUMNS) as Column[];
const GAPS = 'itlMs';

/** What must be there in every line (record-check.ts). */
const REQUIRED: ReadonlySet<Column> = new Set(['id', 'stage', 'dueMs', 'outcome']);

type Schema = ConstructorParameters<typeof ParquetWriter>[0]['schema'];

const SCHEMA: Schema = [
  { name: 'request', num_children: NAMES.length + 1 },
  ...NAMES.map((name): Schema[number] => ({
    name,
    repetition_type: REQUIRED.has(name) ? 'REQUIRED' : 'OPTIONAL',
    ...(COLUMNS[name] === 'STRING' ? { type: 'BYTE_ARRAY', converted_type: 'UTF8' } : { type: COLUMNS[name] }),
  })),
  { name: GAPS, repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'DOUBLE', repetition_type: 'REQUIRED' },
];

/** A group is held in memory while it grows; answers of thousands of tokens fill one sooner than short ones. */
const MOST_ROWS = 20_000;
const MOST_GAPS = 500_000;

/** Throws what the file system does. */
export async function writeParquet(source: RecordSource, path: string): Promise<void> {
  const writer = fileWriter(path);
  const parquet = new ParquetWriter({ writer, schema: SCHEMA, createdBy: 'benchwright' });
  let rows: RequestRecord[] = [];
  let gaps = 0;
  const writeGroup = (): void => {
    if (rows.length === 0) return;
    const group = rows;
    rows = [];
    gaps = 0;
    const columnData = [
      ...NAMES.map((name) => ({ name, data: group.map((row) => valueOf(row, name)) })),
      { name: GAPS, data: group.map((row) => row.itlMs) },
    ];
    // It writes to the file before it returns: this writer of theirs is synchronous.
    void parquet.write({ columnData, rowGroupSize: MOST_ROWS });
  };
  const tally: LineTally = { read: 0, unreadable: 0, torn: 0 };
  for (const part of await source.listParts(RESULT_FILES.requests))
    await readJsonLines(source.readChunks(part), tally, (value) => {
      if (!isRequestRecord(value)) return;
      rows.push(value);
      gaps += value.itlMs?.length ?? 0;
      if (rows.length >= MOST_ROWS || gaps >= MOST_GAPS) writeGroup();
    });
  writeGroup();
  void parquet.finish();
}

/** A record may have been edited: what is not of its column's kind is left out rather than end the file. */
function valueOf(row: RequestRecord, name: Column): unknown {
  const value = row[name];
  switch (COLUMNS[name]) {
    case 'INT64':
      return BigInt(Number.isSafeInteger(value) ? (value as number) : -1);
    case 'INT32':
      return typeof value === 'number' && (value | 0) === value ? value : undefined;
    case 'DOUBLE':
      return typeof value === 'number' ? value : undefined;
    case 'BOOLEAN':
      return typeof value === 'boolean' ? value : undefined;
    case 'STRING':
      return typeof value === 'string' ? value.toWellFormed() : undefined;
  }
}
