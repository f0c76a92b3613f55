import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { CompileResult } from '../../../../src/contract/protocol/language.ts';
import { LastResults } from '../../../../src/extension/runs/last-results.ts';
import { makePlan } from '../../../helpers/make-plan.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'benchwright-results-'));
after(() => rmSync(folder, { recursive: true }));

function writeResult(name: string, textSha256: string, latest: unknown = { directory: 'r1' }): string {
  const scenario = path.join(folder, name);
  mkdirSync(path.join(`${scenario}.results`, 'r1'), { recursive: true });
  writeFileSync(path.join(`${scenario}.results`, 'latest.json'), JSON.stringify(latest));
  const report = {
    schema: 'benchwright/report@1',
    run: { benchmark: 'quickstart', textSha256 },
    validity: { verdict: 'valid' },
    sla: [],
  };
  writeFileSync(path.join(`${scenario}.results`, 'r1', 'report.json'), JSON.stringify(report));
  return scenario;
}

/** A language server that compiles to a text with this hash. */
const compiledAs = (textSha256: () => string | undefined) => async (): Promise<CompileResult> => {
  const hash = textSha256();
  const source = { ...makePlan().source, textSha256: hash ?? '' };
  return {
    diagnostics: [],
    secrets: [],
    ...(hash === undefined ? {} : { planJson: JSON.stringify(makePlan({ source })) }),
  };
};

test('a result is fresh as long as the text compiles to the same hash', async () => {
  let hash: string | undefined = 'aaa';
  const scenario = writeResult('fresh.bench', 'aaa');
  const results = new LastResults(compiledAs(() => hash));
  const changes: string[] = [];
  results.onChange.on((uri) => changes.push(uri));
  await results.load('file:///fresh.bench', scenario);
  assert.equal(results.get('file:///fresh.bench')?.isStale, false);
  hash = 'bbb';
  await results.checkFreshness();
  assert.equal(results.get('file:///fresh.bench')?.isStale, true);
  hash = undefined;
  await results.checkFreshness();
  assert.equal(results.get('file:///fresh.bench')?.isStale, true);
  hash = 'aaa';
  await results.checkFreshness();
  assert.equal(results.get('file:///fresh.bench')?.isStale, false);
  assert.equal(changes.length, 3);
});

test('a scenario that was never run has no result, and one that has just been run is read again', async () => {
  const results = new LastResults(compiledAs(() => 'aaa'));
  const scenario = path.join(folder, 'new.bench');
  await results.load('file:///new.bench', scenario);
  assert.equal(results.get('file:///new.bench'), undefined);
  writeResult('new.bench', 'aaa');
  await results.load('file:///new.bench', scenario);
  assert.equal(results.get('file:///new.bench'), undefined);
  await results.load('file:///new.bench', scenario, true);
  assert.equal(results.get('file:///new.bench')?.benchmark, 'quickstart');
});

test('a latest.json that points elsewhere is not followed', async () => {
  const results = new LastResults(compiledAs(() => 'aaa'));
  for (const directory of ['../evil', '/etc', 'a/b', 7, undefined]) {
    const scenario = writeResult('evil.bench', 'aaa', { directory });
    await results.load('file:///evil.bench', scenario, true);
    assert.equal(results.get('file:///evil.bench'), undefined, String(directory));
  }
});
