/** The first thing a newcomer does, from end to end: the quickstart on the built-in simulator. It wants a quiet machine, as any measurement. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { EXIT_CODES } from '../../src/contract/errors.ts';
import type { RunnerEventLine, RunnerEvents } from '../../src/contract/protocol/runner.ts';
import { projectRoot, runCli, type CliResult } from '../helpers/cli.ts';
import { RUNNER_EVENTS } from '../fixtures/protocol-examples.ts';
import { onlyResult, readReport, readRequests } from '../helpers/scenario-folder.ts';

/** A machine that does something else meanwhile makes the run call itself invalid, rightly; it is asked again then, twice at most. */
async function measuredQuickstart(t: TestContext): Promise<CliResult & { readonly file: string }> {
  for (let attempt = 1; ; attempt += 1) {
    const folder = mkdtempSync(path.join(tmpdir(), 'benchwright-quickstart-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const file = path.join(folder, 'quickstart.bench');
    cpSync(path.join(projectRoot, 'examples', 'quickstart.bench'), file);
    const result = await runCli(['run', file, '--ui', 'json']);
    if (result.code !== EXIT_CODES.invalid || attempt === 3) return { ...result, file };
    t.diagnostic(`attempt ${attempt} was invalid`);
  }
}

test('the quickstart passes, tells its story as protocol events, and leaves a report of a valid measurement', async (t) => {
  const { file, code, out, error } = await measuredQuickstart(t);
  assert.equal(code, 0, `${error}${/"validity":\{"verdict":"(?:suspect|invalid)"[^]*/.exec(out)?.[0] ?? ''}`);
  assert.equal(error, '');

  const events = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunnerEventLine);
  for (const { event, data } of events) {
    assert.ok(event in RUNNER_EVENTS, event);
    assert.equal(typeof data, 'object');
  }
  const all = <Name extends keyof RunnerEvents>(name: Name): RunnerEvents[Name][] =>
    events.filter((each) => each.event === name).map((each) => each.data as RunnerEvents[Name]);
  assert.equal(events[0]?.event, 'run.started');
  assert.equal(events.at(-1)?.event, 'run.finished');
  assert.deepEqual(
    all('stage.started').map((each) => each.name),
    ['steady'],
  );

  const snapshots = all('snapshot');
  assert.ok(snapshots.length > 60, `${snapshots.length} snapshots in over 20 s`);
  assert.deepEqual(
    snapshots.map((each) => each.sequence),
    snapshots.map((_, index) => index + 1),
  );
  for (const [index, snapshot] of snapshots.entries()) {
    const before = snapshots[index - 1];
    assert.ok(snapshot.progressRatio >= (before?.progressRatio ?? 0) && snapshot.progressRatio <= 1);
    assert.ok(snapshot.total.ok >= (before?.total.ok ?? 0));
  }
  assert.ok(
    snapshots.some((each) => each.monitors['host..cpu'] !== undefined),
    'the host was watched',
  );

  const [finished] = all('run.finished');
  const report = readReport(onlyResult(file));
  assert.deepEqual(finished?.requests, report.requests);
  assert.deepEqual(
    finished?.sla.map((each) => each.verdict),
    ['met', 'met', 'met'],
  );
  assert.equal(report.run.outcome, 'passed');
  assert.equal(snapshots.at(-1)?.total.ok, report.requests.succeeded, 'the last live figures are the final ones');
  assert.ok(report.requests.due > 850 && report.requests.due < 1_150, `${report.requests.due} due at 50 rps for 20 s`);
  assert.equal(readRequests(onlyResult(file)).filter((each) => each.stage === 'warmup').length, 10);
  // What the simulator was told to be: lognormal with mean 120 ms and p99 400 ms.
  const ttft = report.metrics['ttft'];
  assert.ok(ttft !== undefined && 'mean' in ttft && ttft.mean > 105 && ttft.mean < 140, JSON.stringify(ttft));
});
