import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { RunError } from '../../../../src/contract/errors.ts';
import { writeReports } from '../../../../src/runner/reports/write-reports.ts';
import { fileTexts, type ExampleRecord } from '../measure/example-record.ts';
import { exampleRecord } from './example-report.ts';

async function withResult(example: ExampleRecord, use: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'benchwright-result-'));
  try {
    for (const [name, text] of Object.entries(fileTexts(example))) await writeFile(path.join(directory, name), text);
    await use(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

const page = { script: '', style: '', scriptSha256: '', styleSha256: '' };

test('every format the plan asks for is written beside the record, and found by its id', async () => {
  await withResult(exampleRecord(), async (directory) => {
    const { report, files } = await writeReports(directory, undefined, page);
    assert.deepEqual(Object.keys(files).sort(), ['csv', 'csv:series.csv', 'html', 'json', 'junit', 'markdown']);
    for (const file of Object.values(files)) assert.ok(path.isAbsolute(file) && existsSync(file), file);
    assert.deepEqual(JSON.parse(await readFile(files['json'] as string, 'utf8')), report);
    assert.ok(!(await readdir(directory)).some((name) => name.endsWith('.part')));
  });
});

test('made again from the same record, all files are the same', async () => {
  await withResult(exampleRecord(), async (directory) => {
    const { files } = await writeReports(directory, undefined, page);
    const texts = () => Promise.all(Object.values(files).map((file) => readFile(file, 'utf8')));
    const before = await texts();
    await writeReports(directory, undefined, page);
    assert.deepEqual(await texts(), before);
  });
});

test('only what is asked for is written, report.json always', async () => {
  await withResult(exampleRecord(), async (directory) => {
    const { files } = await writeReports(directory, ['junit']);
    assert.deepEqual(Object.keys(files), ['json', 'junit']);
    assert.ok(!existsSync(path.join(directory, 'report.html')));
  });
});

test('an unknown format is refused by name before anything is written', async () => {
  await withResult(exampleRecord(), async (directory) => {
    await assert.rejects(writeReports(directory, ['jsn']), { code: 'RUN_NOT_AVAILABLE', hint: 'Did you mean "json"?' });
    await assert.rejects(writeReports(directory, ['constructor']), { code: 'RUN_NOT_AVAILABLE' });
    assert.ok(!existsSync(path.join(directory, 'report.json')));
  });
});

test('a directory that is none, or holds no record, is refused by name', async () => {
  await assert.rejects(writeReports('/nowhere/at/all'), (error) => {
    assert.ok(error instanceof RunError);
    assert.equal(error.code, 'RUN_RECORD_UNREADABLE');
    assert.match(error.message, /\/nowhere\/at\/all/);
    return true;
  });
});

test('a report that cannot be written is said with its path', async () => {
  await withResult(exampleRecord(), async (directory) => {
    await mkdir(path.join(directory, 'report.json'));
    await assert.rejects(writeReports(directory, []), { code: 'RUN_OUTPUT_NOT_WRITABLE', message: /report\.json/ });
  });
});

test('a baseline beside the scenario is read, as a file or as a result directory', async () => {
  const plan = exampleRecord().plan;
  await withResult({ ...exampleRecord(), plan: { ...plan, slas: [] } }, async (before) => {
    const { files } = await writeReports(before, []);
    const regression = (baseline: string): ExampleRecord['plan'] => ({
      ...plan,
      slas: [
        {
          set: 'stable',
          text: 'ttft p95 regression < 10 %',
          location: plan.source.location,
          check: {
            kind: 'regression',
            metric: 'ttft',
            statistic: 'p95',
            comparison: '<',
            limit: 0.1,
            dimension: 'ratio',
            baseline,
          },
        },
      ],
    });
    for (const baseline of [before, files['json'] as string])
      await withResult(exampleRecord({ plan: regression(baseline) }), async (directory) => {
        const { report } = await writeReports(directory, []);
        assert.equal(report.sla[0]?.actual, 0);
      });
  });
});
