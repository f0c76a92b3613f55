import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resultDiagnosticsOf } from '../../../helpers/bench-editor.ts';

const SCENARIO = `backend demo { protocol simulator }
sla good {
  ttft p95 < 500 ms
  error-rate < 1 %
}
`;

const SLA = [
  {
    set: 'good',
    text: 'ttft p95 < 500 ms',
    file: '/work/s.bench',
    line: 3,
    column: 3,
    endLine: 3,
    endColumn: 20,
    actual: 612.5,
    unit: 'ms',
    limit: 500,
    comparison: '<',
    verdict: 'breached',
  },
  {
    set: 'good',
    text: 'error-rate < 1 %',
    file: '/work/s.bench',
    line: 4,
    column: 3,
    endLine: 4,
    endColumn: 19,
    actual: 0.004,
    unit: 'ratio',
    limit: 0.01,
    comparison: '<',
    verdict: 'undecided',
    note: 'The interval 0.1 % to 1.4 % contains the limit.',
  },
] as const;

test('a breached limit of the last run is an error on its line, an undecided one a warning', async () => {
  assert.deepEqual(await resultDiagnosticsOf({ scenario: SCENARIO, ran: SCENARIO, sla: SLA }), [
    '2:2-2:19 error BENCH0001 `ttft p95 < 500 ms` measured 612.5 ms (run of 2026-11-21 10:00 UTC): breached.',
    '3:2-3:18 warning BENCH0002 `error-rate < 1 %` measured 0.4 % (run of 2026-11-21 10:00 UTC): undecided. The interval 0.1 % to 1.4 % contains the limit.',
  ]);
});

test('once the file has changed, the result is marked stale and follows its line', async () => {
  const edited = `// a new first line\n${SCENARIO}`;
  assert.deepEqual(await resultDiagnosticsOf({ scenario: edited, ran: SCENARIO, sla: SLA }), [
    '3:2-3:19 info BENCH0003 Before the file changed, `ttft p95 < 500 ms` measured 612.5 ms (run of 2026-11-21 10:00 UTC): breached. Run again to know.',
    '4:2-4:18 info BENCH0003 Before the file changed, `error-rate < 1 %` measured 0.4 % (run of 2026-11-21 10:00 UTC): undecided. Run again to know.',
  ]);
});

test('a limit that was edited keeps no result', async () => {
  const edited = SCENARIO.replace('500 ms', '700 ms');
  const found = await resultDiagnosticsOf({ scenario: edited, ran: SCENARIO, sla: SLA });
  assert.deepEqual(
    found.map((each) => each.split(' ')[2]),
    ['BENCH0003'],
  );
  assert.match(found[0] ?? '', /error-rate/);
});

test('a result folder that cannot be read is no result', async () => {
  assert.deepEqual(
    await resultDiagnosticsOf({ scenario: SCENARIO, ran: SCENARIO, sla: SLA, latest: '{"directory":"../../etc"' }),
    [],
  );
  assert.deepEqual(
    await resultDiagnosticsOf({ scenario: SCENARIO, ran: SCENARIO, sla: SLA, latest: '{"directory":"../elsewhere"}' }),
    [],
  );
});
