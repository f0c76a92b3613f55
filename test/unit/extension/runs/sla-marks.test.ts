import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SlaResult } from '../../../../src/contract/report.ts';
import { RunSession } from '../../../../src/extension/runs/run-session.ts';
import { finalSlas as finalSlasOf, liveSlas, placeMarks } from '../../../../src/extension/runs/sla-marks.ts';
import { makePlan, QUICKSTART_SLAS } from '../../../helpers/make-plan.ts';
import { makeSnapshot } from '../../../helpers/make-snapshot.ts';

const lines = [
  'sla interactive {',
  '  ttft p95 < 500 ms',
  '  itl  p95 < 40 ms   // comfortable',
  '  error-rate < 1 %',
  '}',
];

const finalSlas = (sla: readonly SlaResult[], isStale: boolean, isInvalid = false) =>
  finalSlasOf({ sla, isStale, isInvalid });

function result(text: string, line: number, changes: Partial<SlaResult> = {}): SlaResult {
  return {
    ...{ set: 'interactive', text, file: '/a.bench', line, column: 3, endLine: line, endColumn: 20 },
    ...{ unit: 'ms', limit: 500, comparison: '<', verdict: 'met' as const, actual: 268.4 },
    ...changes,
  };
}

test('the measured value stands behind its line, with a sign for the verdict', () => {
  const marks = placeMarks(
    finalSlas(
      [
        result('ttft p95 < 500 ms', 2),
        result('itl p95 < 40 ms', 3, { verdict: 'breached', actual: 41.3 }),
        result('error-rate < 1 %', 4, { verdict: 'undecided', unit: 'ratio', actual: 0.0096 }),
      ],
      false,
    ),
    lines,
  );
  assert.deepEqual(
    marks.map((mark) => [mark.line, mark.text, mark.verdict]),
    [
      [1, '✓ 268.4 ms', 'met'],
      [2, '✗ 41.3 ms', 'breached'],
      [3, '? 0.96 %, undecided', 'undecided'],
    ],
  );
});

test('an edited file keeps the values of lines that are still there, marked as old', () => {
  const edited = ['// new first line', ...lines.filter((line) => !line.includes('error-rate'))];
  const marks = placeMarks(
    finalSlas([result('ttft p95 < 500 ms', 2), result('error-rate < 1 %', 4, { unit: 'ratio', actual: 0 })], true),
    edited,
  );
  assert.deepEqual(
    marks.map((mark) => [mark.line, mark.text, mark.state]),
    [[2, '✓ 268.4 ms · before your last edit', 'stale']],
  );
});

test('the same limit twice goes to the line nearest to where it was measured', () => {
  const twice = ['ttft p95 < 500 ms', '', '', 'ttft p95 < 500 ms'];
  const marks = placeMarks(finalSlas([result('ttft p95 < 500 ms', 1), result('ttft p95 < 500 ms', 4)], false), twice);
  assert.deepEqual(
    marks.map((mark) => mark.line),
    [0, 3],
  );
});

test('two limits on one line share it, and the worse one gives the colour', () => {
  const [mark, ...others] = placeMarks(
    finalSlas(
      [
        result('ttft p95 < 500 ms', 1, { verdict: 'breached', actual: 612 }),
        result('itl p95 < 40 ms', 1, { actual: 20 }),
      ],
      false,
    ),
    ['sla x { ttft p95 < 500 ms  itl p95 < 40 ms }'],
  );
  assert.deepEqual(others, []);
  assert.deepEqual([mark?.text, mark?.verdict], ['✗ 612 ms   ✓ 20 ms', 'breached']);
});

test('what was not measured says so', () => {
  const { actual: _, ...unmeasured } = result('ttft p95 < 500 ms', 2, { verdict: 'unmeasured', note: 'No streaming.' });
  const [mark] = placeMarks(finalSlas([unmeasured], false), lines);
  assert.equal(mark?.text, '– not measured');
  assert.match(mark?.hover ?? '', /No streaming\./);
});

test('the interval is told on hover, a missing bound as unknown', () => {
  const [mark] = placeMarks(finalSlas([result('ttft p95 < 500 ms', 2, { ci: { lower: 250 } })], false), lines);
  assert.match(mark?.hover ?? '', /95 % interval 250 ms to unknown/);
});

test('while a run goes on, values are so far', () => {
  const target = { uri: 'file:///home/ada/chat.bench', benchmark: 'quickstart' };
  const session = new RunSession(target, makePlan({ slas: QUICKSTART_SLAS }), 'command', '2026-11-21T10:00:00.000Z');
  session.began({ runId: 'a', directory: '/r', startedAt: '2026-11-21T10:00:00.000Z' });
  assert.deepEqual(liveSlas(session), []);
  session.measured(
    makeSnapshot({
      sla: [
        { index: 0, verdict: 'met', actual: 268 },
        { index: 2, verdict: 'met', actual: 0 },
      ],
    }),
  );
  assert.deepEqual(
    placeMarks(liveSlas(session), lines).map((mark) => [mark.line, mark.text]),
    [
      [1, '✓ 268 ms so far'],
      [3, '✓ 0 % so far'],
    ],
  );
});

test('what an overloaded generator measured is shown as proving nothing', () => {
  const [mark] = placeMarks(finalSlas([result('ttft p95 < 500 ms', 2)], false, true), lines);
  assert.deepEqual([mark?.text, mark?.isInvalid], ['✓ 268.4 ms · measurement invalid', true]);
});
