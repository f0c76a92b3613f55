import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createAgenda, type Agenda } from '../../../../src/runner/run/agenda.ts';
import { createFakeClock, type FakeClock } from '../../../helpers/fake-clock.ts';
import { createFakeAlarm } from '../../../helpers/fake-load.ts';

/** An agenda whose requests are their numbers. */
function watchAgenda(): {
  readonly clock: FakeClock;
  readonly agenda: Agenda;
  readonly made: { readonly number: number; readonly atMs: number }[];
  readonly fired: { readonly number: number; readonly atMs: number }[];
} {
  const clock = createFakeClock();
  const made: { number: number; atMs: number }[] = [];
  const fired: { number: number; atMs: number }[] = [];
  const agenda = createAgenda<number>({
    clock,
    alarm: createFakeAlarm(clock),
    prepare({ number }) {
      made.push({ number, atMs: clock.nowMs() });
      return number;
    },
    fire: (number) => void fired.push({ number, atMs: clock.nowMs() }),
  });
  return { clock, agenda, made, fired };
}

function addAll(agenda: Agenda, dueMs: readonly number[]): void {
  dueMs.forEach((atMs, number) => agenda.add({ number, phase: 0, dueMs: atMs }));
}

const every = (gapMs: number, count: number, fromMs = gapMs): number[] =>
  Array.from({ length: count }, (_, index) => fromMs + index * gapMs);

describe('how many requests are made ready ahead', () => {
  const cases: readonly { readonly what: string; readonly dueMs: readonly number[]; readonly ready: number }[] = [
    { what: 'at a low rate the next few', dueMs: every(1_000, 10), ready: 4 },
    { what: 'at 500 per second those of 20 ms', dueMs: every(2, 100), ready: 10 },
    { what: 'at 2,000 per second those of 20 ms', dueMs: every(0.5, 100, 1), ready: 39 },
    { what: 'all, where there are no more', dueMs: every(1_000, 3), ready: 3 },
  ];
  for (const { what, dueMs, ready } of cases)
    test(what, async () => {
      const { clock, agenda, made } = watchAgenda();
      addAll(agenda, dueMs);
      await clock.advanceAsync(0);
      assert.deepEqual(
        made.map(({ number }) => number),
        dueMs.slice(0, ready).map((_, number) => number),
      );
    });
});

describe('as time goes on', () => {
  const steady: readonly { readonly what: string; readonly dueMs: readonly number[] }[] = [
    { what: 'a low rate', dueMs: every(1_000, 12) },
    { what: 'a hundred per second', dueMs: every(10, 60) },
    { what: 'two thousand per second', dueMs: every(0.5, 100, 1) },
    { what: 'a crowd after a silence', dueMs: every(0, 100, 5_000) },
    { what: 'crowds between silences', dueMs: [...every(0, 40, 500), ...every(0, 40, 501), ...every(0, 40, 900)] },
  ];
  for (const { what, dueMs } of steady)
    test(`${what}: each is made once, before it is due, and sent when it is due`, async () => {
      const { clock, agenda, made, fired } = watchAgenda();
      addAll(agenda, dueMs);
      await clock.advanceAsync((dueMs.at(-1) as number) + 1);
      assert.deepEqual(
        fired,
        dueMs.map((atMs, number) => ({ number, atMs })),
      );
      assert.deepEqual(
        made.map(({ number }) => number),
        dueMs.map((_, number) => number),
      );
      for (const { number, atMs } of made) assert.ok(atMs < (dueMs[number] as number), `${number} at ${atMs}`);
    });

  test('none is made long before it is due but the next few', async () => {
    const { clock, agenda, made } = watchAgenda();
    const dueMs = [...every(0, 60, 1_000), ...every(3, 60, 1_003)];
    addAll(agenda, dueMs);
    await clock.advanceAsync(1_500);
    const early = made.filter(({ number, atMs }) => (dueMs[number] as number) - atMs > 20.001);
    assert.deepEqual(
      early.map(({ number }) => number),
      [0, 1, 2, 3],
    );
  });
});

test('what is taken back is not sent, and what comes in its place is made ready in time', async () => {
  const { clock, agenda, made, fired } = watchAgenda();
  addAll(agenda, every(0, 20, 1_000));
  await clock.advanceAsync(100);
  agenda.takeBack(0);
  assert.equal(agenda.length, 0);
  addAll(agenda, every(0, 20, 500));
  await clock.advanceAsync(1_000);
  assert.deepEqual(
    fired,
    every(0, 20, 500).map((atMs, number) => ({ number, atMs })),
  );
  assert.equal(made.length, 4 + 20);
  assert.ok(made.every(({ atMs }) => atMs < 500));
});

test('after it was cleared nothing is made or sent', async () => {
  const { clock, agenda, made, fired } = watchAgenda();
  addAll(agenda, every(0, 20, 1_000));
  await clock.advanceAsync(0);
  agenda.clear();
  await clock.advanceAsync(2_000);
  assert.deepEqual([made.length, fired.length, agenda.length], [4, 0, 0]);
});
