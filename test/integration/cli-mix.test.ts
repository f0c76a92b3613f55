/** The standard library's `office` against the simulator: what is sent, what the record says of it, and what the reports show. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { runCli } from '../helpers/cli.ts';
import { onlyResult, readReport, readRequests, scenarioFolder } from '../helpers/scenario-folder.ts';

const SCENARIO = `
import "std"
backend demo { protocol simulator  first-token 5 ms  inter-token 1 ms }
benchmark day {
  on demo
  send office
  seed 3
  load { warmup 4 requests  stage users { users 10 for 100 requests } }
  report html, markdown, json, csv
}
`;

const PARTS = { 'single-turn': 40, 'multi-turn': 30, documents: 20, code: 10 };

test('the office of the standard library: four parts by weight, in the record and in each report', async (t) => {
  const folder = scenarioFolder(t, SCENARIO);
  const { code, out, error } = await runCli(['run', folder.file, '--ui', 'plain']);
  assert.equal(code, 0, `${out}${error}`);
  const directory = onlyResult(folder.file);
  const measured = readRequests(directory).filter(({ id }) => id >= 0);
  const counts = Object.fromEntries(
    Object.keys(PARTS).map((name) => [name, measured.filter(({ dataset }) => dataset === name).length]),
  );
  assert.deepEqual(counts, PARTS);
  const { parts = [], requests } = readReport(directory);
  assert.equal(requests.succeeded, 100);
  assert.deepEqual(Object.fromEntries(parts.map(({ dataset, requests: count }) => [dataset, count])), PARTS);
  const inputTokens = new Map(parts.map(({ dataset, inputTokensMean = 0 }) => [dataset, inputTokensMean]));
  assert.ok((inputTokens.get('documents') ?? 0) > 5 * (inputTokens.get('single-turn') ?? Infinity));
  for (const { dataset, ttftMsP50, ttftMsP95, e2eMsP50, e2eMsP95 } of parts)
    assert.ok(
      [ttftMsP50, ttftMsP95, e2eMsP50, e2eMsP95].every((figure) => figure !== undefined),
      dataset,
    );
  for (const file of ['report.html', 'report.md']) {
    const text = readFileSync(path.join(directory, file), 'utf8');
    for (const name of ['Parts of the mix', ...Object.keys(PARTS)])
      assert.ok(text.includes(name), `${name} in ${file}`);
  }
  const csv = readFileSync(path.join(directory, 'summary.csv'), 'utf8');
  for (const [name, count] of Object.entries(PARTS)) {
    assert.match(out, new RegExp(`^${name} +${count} % +${count} .* ms`, 'm'));
    assert.ok(csv.includes(`\npart ${name},requests,Requests,,${count},`), name);
  }
});
