import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { DEFAULT_REPORT_FORMATS } from '../../../../src/contract/catalog/reports.ts';
import type { RequestRecord } from '../../../../src/contract/outcome.ts';
import { writeReports } from '../../../../src/runner/reports/write-reports.ts';
import { fileTexts } from '../measure/example-record.ts';
import { failedRecord, okRecord, planOf } from '../measure/example-run.ts';

type Row = Record<string, unknown>;

async function tableOf(texts: Readonly<Record<string, string>>): Promise<{ rows: Row[]; groups: number }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'benchwright-parquet-'));
  try {
    for (const [name, text] of Object.entries(texts)) await writeFile(path.join(directory, name), text);
    const { files } = await writeReports(directory, ['parquet']);
    assert.ok(!(await readdir(directory)).some((name) => name.endsWith('.part')));
    const bytes = await readFile(files['parquet'] as string);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    return { rows: (await parquetReadObjects({ file })) as Row[], groups: parquetMetadata(file).row_groups.length };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** A row without what was absent. */
const present = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  );

test('read back, every row is its line of the record, whatever is absent', async () => {
  const records: readonly RequestRecord[] = [
    okRecord(0, 10, { session: 'größe 🤖', turn: 2, itlMs: [1.5, 2.25] }),
    okRecord(3_000_000_017, 20, { itlMs: [] }),
    failedRecord(2, 30, { detail: 'busy, "really"\n' }),
    { id: 3, stage: 'steady', backend: 'demo', dueMs: 40.125, outcome: 'censored', lost: true },
    { id: -1, stage: 'warmup', backend: 'demo', dueMs: 0, outcome: 'dropped' },
  ];
  const { rows } = await tableOf(fileTexts({ plan: planOf(), records }));
  assert.deepEqual(rows.map(present), records);
});

test('a long record becomes row groups, in the order of its lines and over all its parts', async () => {
  const records = Array.from({ length: 45_000 }, (_, id) => failedRecord(id, id));
  const texts = fileTexts({ plan: planOf(), records });
  const lines = texts['requests.jsonl']?.split('\n') ?? [];
  const parts = {
    'requests.jsonl': `${lines.slice(0, 30_000).join('\n')}\n`,
    'requests.2.jsonl': lines.slice(30_000).join('\n'),
  };
  const { rows, groups } = await tableOf({ ...texts, ...parts });
  assert.ok(groups >= 3, `${groups} groups`);
  assert.deepEqual(
    rows.map(({ id }) => Number(id)),
    records.map(({ id }) => id),
  );
});

test('a record without requests is a table without rows; a torn line is none', async () => {
  assert.deepEqual((await tableOf(fileTexts({ plan: planOf(), records: [] }))).rows, []);
  const texts = fileTexts({ plan: planOf(), records: [okRecord(0, 0), okRecord(1, 1)] });
  const torn = { ...texts, 'requests.jsonl': texts['requests.jsonl']?.slice(0, -20) ?? '' };
  assert.equal((await tableOf(torn)).rows.length, 1);
});

test('it is written where it is asked for, and not else', () => {
  assert.ok(!DEFAULT_REPORT_FORMATS.includes('parquet'));
});
