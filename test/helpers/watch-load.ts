/** A whole load on fake time: every worker's loop, one client that answers as it is told. */
import assert from 'node:assert/strict';
import type { UnfinishedRequest } from '../../src/runner/run/unfinished.ts';
import type { RequestRecord } from '../../src/contract/outcome.ts';
import type { LoadPlan, RunPlan } from '../../src/contract/plan.ts';
import type { PromptSource } from '../../src/runner/datasets/dataset.ts';
import type { RequestJob } from '../../src/runner/request/request-client.ts';
import { createLoadLoop } from '../../src/runner/run/load-loop.ts';
import { SETTLED_MS } from '../../src/runner/run/open-walk.ts';
import { phasesOf } from '../../src/runner/run/phases.ts';
import { SharedBudget } from '../../src/runner/run/shared-budget.ts';
import { SharedLoad } from '../../src/runner/run/shared-load.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeAlarm, createFakeClient, createFakePrompts, type FakeAnswer, type SentJob } from './fake-load.ts';
import { makePlan } from './make-plan.ts';

export interface WatchedLoad {
  readonly clock: FakeClock;
  readonly shared: SharedLoad;
  readonly budget: SharedBudget | undefined;
  readonly records: RequestRecord[];
  readonly mostInFlight: () => number;
  readonly sent: () => { id: number; stage: string; dueMs: number; sentMs: number }[];
  readonly prompts: readonly number[];
  readonly prepared: () => readonly string[];
  /** What was told of requests that should have been over, in order. */
  readonly unfinished: { readonly what: 'cut' | 'written-off'; readonly requests: readonly UnfinishedRequest[] }[];
  /** What was sent, whole. */
  readonly jobs: () => readonly SentJob[];
  /** As the main thread does it: from so long from now on. Returns the moment it takes effect. */
  readonly changeRate: (factor: number, inMs?: number) => number | undefined;
  readonly stop: () => void;
  readonly abort: () => void;
  /** Moves on until every worker is done, and says when that was. */
  finish(stepMs?: number): Promise<number>;
}

export function watchLoad(
  load: LoadPlan,
  answerTo: (job: RequestJob) => FakeAnswer,
  options: {
    workers?: number;
    promptCount?: number;
    seed?: number;
    source?: Partial<PromptSource>;
    budget?: RunPlan['budget'];
    price?: RunPlan['backend']['price'];
  } = {},
): WatchedLoad {
  const { workers = 1, promptCount, seed = 1 } = options;
  const clock = createFakeClock();
  const plan = makePlan({ load, seed });
  const charged = {
    backend: { ...plan.backend, price: options.price ?? {} },
    ...(options.budget && { budget: options.budget }),
  };
  const budget = options.budget && new SharedBudget(charged);
  const shared = new SharedLoad(phasesOf(load).length, load.inFlightLimit);
  const client = createFakeClient(clock, answerTo);
  const prompts = createFakePrompts(promptCount);
  const records: RequestRecord[] = [];
  const unfinished: WatchedLoad['unfinished'] = [];
  const loops = Array.from({ length: workers }, (_, worker) =>
    createLoadLoop({
      plan,
      worker,
      workers,
      clock,
      alarm: createFakeAlarm(clock),
      shared: new SharedLoad(phasesOf(load).length, load.inFlightLimit, shared.buffer),
      prompts: { ...prompts, ...options.source },
      client,
      openConnections: () => {},
      batch: { due: () => {}, sent: () => {} },
      recordLag: () => {},
      complete: (record) => void records.push(record),
      ...(budget && { budget: new SharedBudget(charged, budget.buffer) }),
      onUnfinished: (what, requests) => void unfinished.push({ what, requests }),
    }),
  );
  let running = loops.length;
  const done = loops.map(async (loop) => {
    await loop.run();
    running -= 1;
  });
  shared.setStart(0, 0);
  return {
    clock,
    shared,
    budget,
    records,
    mostInFlight: () => client.mostInFlight,
    sent: () => client.sent.map(({ job: { id, stage, dueMs }, sentMs }) => ({ id, stage, dueMs, sentMs })),
    prompts: prompts.asked,
    prepared: () => client.prepared,
    unfinished,
    jobs: () => client.sent.map(({ job }) => job),
    changeRate(factor, inMs = 100) {
      const atMs = shared.changeRate(factor, clock.nowMs() + inMs, SETTLED_MS);
      loops.forEach((loop) => loop.rateChanged());
      return atMs;
    },
    stop: () => loops.forEach((loop) => loop.stop()),
    abort: () => loops.forEach((loop) => loop.abort()),
    async finish(stepMs = 10) {
      while (running > 0) {
        assert.ok(clock.nowMs() < 3_600_000, 'not over after an hour');
        await clock.advanceAsync(stepMs);
      }
      await Promise.all(done);
      return clock.nowMs();
    },
  };
}
