import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RunnerEventLine } from '../../../../src/contract/protocol/runner.ts';
import { EMPTY_LIVE_STATE, reduceLive, type LiveState } from '../../../../src/runner/terminal/live-state.ts';
import { renderLive } from '../../../../src/runner/terminal/render-live.ts';
import { widthOf } from '../../../../src/runner/terminal/layout.ts';
import { COLOURED, UNCOLOURED } from '../../../../src/runner/terminal/style.ts';
import { visibleData } from '../../../../src/runner/terminal/visible-text.ts';
import { assertGolden } from '../../../helpers/golden.ts';
import { makePlan, QUICKSTART_SLAS } from '../../../helpers/make-plan.ts';
import { healthySnapshot, started } from '../../../helpers/run-events.ts';

/** Twelve seconds of snapshots, TTFT rising and falling. */
function runningState(changes: Parameters<typeof healthySnapshot>[0] = {}, plan = makePlan()): LiveState {
  const snapshots = Array.from({ length: 49 }, (_, index): RunnerEventLine => {
    const ttftMs = { count: 12, p50: 100, p95: 200 + 80 * Math.sin(index / 5), p99: 400 };
    return {
      event: 'snapshot',
      data: healthySnapshot({ sequence: index, atMs: 250 * (index + 1), interval: { ttftMs }, ...changes }),
    };
  });
  return [started(plan), ...snapshots].map(visibleData).reduce(reduceLive, EMPTY_LIVE_STATE);
}

const TROUBLE: Parameters<typeof healthySnapshot>[0] = {
  queued: 31,
  validity: 'suspect',
  total: { ok: 480, failed: 49, dropped: 12, censored: 2, byReason: { 'rate-limited': 40, 'http-status 503': 9 } },
  monitors: { 'host..cpu': 0.97, 'host..memory': 0.5 },
  sla: [
    { index: 0, actual: 812, verdict: 'breached' },
    { index: 1, actual: 24.9, verdict: 'met' },
    { index: 2, actual: 0.093, verdict: 'breached' },
  ],
};

for (const [columns, rows] of [
  [80, 24],
  [40, 16],
  [120, 40],
  [80, 12],
] as const) {
  test(`a healthy run in ${columns} columns and ${rows} rows`, () => {
    const lines = renderLive(runningState(), { columns, rows, style: UNCOLOURED });
    assertGolden(import.meta.url, `live-healthy-${columns}x${rows}.txt`, `${lines.join('\n')}\n`);
  });
}

test('a run in trouble says so', () => {
  const state = runningState(TROUBLE);
  const alert: RunnerEventLine = {
    event: 'alert',
    data: { monitor: 'host', text: 'cpu above 95 % for 5 s', value: 0.97, atMs: 9_000 },
  };
  const stopping: RunnerEventLine = {
    event: 'stopping',
    data: { why: 'disk-full', message: 'The record cannot be written any more: the disk is full.', drainMs: 30_000 },
  };
  const lines = renderLive([alert, stopping].reduce(reduceLive, state), { columns: 80, rows: 24, style: UNCOLOURED });
  assertGolden(import.meta.url, 'live-trouble-80x24.txt', `${lines.join('\n')}\n`);
});

test('the hint tells of the keys with the factor asked for, where there are keys and a load to change', () => {
  const screen = { columns: 80, rows: 24, style: UNCOLOURED };
  const last = (state: LiveState): string => renderLive(state, screen).at(-1) ?? '';
  const state = { ...runningState(), rate: { factor: 1.1 } };
  assert.equal(last(state), 'Ctrl-C: stop and report; twice: cut.  + -: rate 110 %, 0: the plan’s.');
  assert.ok(last({ ...state, rate: { factor: 100 } }).endsWith('plan’s.'), 'also the highest fits');
  const draining = { ...state, ...runningState({ stage: { kind: 'drain', name: 'drain' } }) };
  for (const without of [runningState(), draining, { ...state, stopping: 'The disk is full.' }])
    assert.doesNotMatch(last(without), /rate/);
});

test('a closed loop, a warm-up and a stage by count show what there is to show', () => {
  const state = runningState({
    stage: { kind: 'warmup', requestsDone: 7, requestsTotal: 10, name: 'warmup' },
    users: 16,
    total: { due: 0, sent: 0, ok: 0, outputTokens: 0, inputTokens: 0 },
  });
  const { durationMs: _, ...stage } = state.snapshot?.stage ?? healthySnapshot().stage;
  const counted = { ...state, snapshot: { ...healthySnapshot(), users: 16, stage } };
  const lines = renderLive(counted, { columns: 80, rows: 24, style: UNCOLOURED });
  assert.match(lines[0] ?? '', /warm-up$/);
  assert.match(lines[1] ?? '', /7 of 10 requests$/);
  assert.ok(lines.some((line) => line.startsWith('load       16 users')));
});

test('of many limits the breached ones stay and the rest is counted', () => {
  const slas = Array.from({ length: 40 }, (_, index) => ({
    ...QUICKSTART_SLAS[0],
    text: `limit ${index}`,
  })) as typeof QUICKSTART_SLAS;
  const sla = slas.map((_, index) => ({
    index,
    actual: 1,
    verdict: index === 33 ? ('breached' as const) : ('met' as const),
  }));
  const lines = renderLive(runningState({ sla }, makePlan({ slas })), { columns: 80, rows: 24, style: UNCOLOURED });
  assert.ok(lines.length <= 23);
  assert.ok(lines.some((line) => line.startsWith('✗ limit 33')));
  assert.ok(lines.some((line) => /… and \d+ more limits/.test(line)));
});

test('whatever a server or a scenario is called, every line fits and nothing in it is obeyed', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.integer({ min: 20, max: 160 }),
      fc.integer({ min: 4, max: 50 }),
      (text, columns, rows) => {
        const plan = makePlan({ benchmark: text, slas: QUICKSTART_SLAS.map((each) => ({ ...each, text })) });
        const byReason = { [text]: 3 };
        const lines = renderLive(runningState({ total: { byReason }, stage: { name: text } }, plan), {
          columns,
          rows,
          style: COLOURED,
        });
        assert.ok(lines.length < rows);
        for (const line of lines) {
          assert.ok(widthOf(line) <= columns, line);
          // oxlint-disable-next-line no-control-regex -- only our own colours may be in there
          assert.doesNotMatch(line.replace(/\u001b\[(?:1|2|22|3[1236]|39)m/g, ''), /[\u0000-\u001f\u007f-\u009f]/);
        }
      },
    ),
    { numRuns: 60 },
  );
});
