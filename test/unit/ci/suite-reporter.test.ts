/** The reporter as node:test drives it: real files, one process each. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { TallyReport } from '../../../.ci/suite-reporter.ts';

const reporter = path.join(import.meta.dirname, '..', '..', '..', '.ci', 'suite-reporter.ts');

const sources = {
  'good.test.mjs': `
    import { describe, test } from 'node:test';
    describe('sums', () => { test('adds', () => {}); test('needs a GPU', { skip: 'none here' }, () => {}); });
  `,
  'bad.test.mjs': `
    import assert from 'node:assert/strict';
    import { describe, test } from 'node:test';
    describe('sums', () => { test('subtracts', () => { console.log('3 - 2 is'); assert.equal(3 - 2, 2); }); });
  `,
  'empty.test.mjs': 'export {};',
  'dies.test.mjs': 'throw new Error("not even loaded");',
} as const;

describe('the suite reporter', () => {
  let folder: string;
  let output: string;
  let report: TallyReport;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'benchwright-reporter-'));
    for (const [name, text] of Object.entries(sources)) writeFileSync(path.join(folder, name), text);
    const tallyFile = path.join(folder, 'tally.json');
    // NODE_TEST_CONTEXT would make it a child of the run that this test is part of.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const args = [
      '--test',
      `--test-reporter=${reporter}`,
      '--test-reporter-destination=stdout',
      ...Object.keys(sources),
    ];
    const run = spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...env, BENCHWRIGHT_TALLY_FILE: tallyFile },
    });
    output = run.stdout;
    report = JSON.parse(readFileSync(tallyFile, 'utf8')) as TallyReport;
  });
  after(() => rmSync(folder, { recursive: true }));

  test('counts tests, not groups; files that died or hold no test have failed', () => {
    assert.deepEqual(report.tally, { passed: 1, failed: 3, skipped: 1 });
  });
  test('knows which files have ended', () => {
    assert.deepEqual(report.endedFiles.map((file) => path.basename(file)).sort(), Object.keys(sources).sort());
  });
  test('has one line per file', () => {
    assert.match(output, /✔ good\.test\.mjs {2}1 passed, 0 failed, 1 skipped/);
    assert.match(output, /✖ bad\.test\.mjs {2}0 passed, 1 failed/);
    assert.match(output, /✖ empty\.test\.mjs {2}0 passed, 1 failed/);
    assert.match(output, /✖ dies\.test\.mjs {2}0 passed, 1 failed/);
  });
  test('shows what failed with its full name, its message and what it printed', () => {
    assert.match(output, /3 - 2 is/);
    assert.match(output, /sums › subtracts\n.*AssertionError/);
    assert.match(output, /not even loaded/);
    assert.match(output, /the file holds no test/);
  });
});
