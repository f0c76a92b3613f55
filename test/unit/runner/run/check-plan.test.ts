import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import type { DatasetPlan, RunPlan } from '../../../../src/contract/plan.ts';
import { checkPlan } from '../../../../src/runner/run/check-plan.ts';
import { flat, forTime, makeLoad, makeStage, users } from '../../../helpers/make-load.ts';
import { makePlan } from '../../../helpers/make-plan.ts';

/** A copy of the plan in which one thing, named by its path, is something else. */
function changed(path: string, value: unknown): unknown {
  const plan = structuredClone(makePlan()) as unknown as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() as string;
  const place = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, plan);
  if (value === undefined) delete place[last];
  else place[last] = value;
  return plan;
}

function refusal(plan: unknown): { code: string; message: string } {
  try {
    checkPlan(plan);
  } catch (thrown) {
    const { code, message } = thrown as { code: string; message: string };
    return { code, message };
  }
  throw new Error('the plan was accepted');
}

describe('checkPlan', () => {
  it('accepts a good plan and leaves it as it is', () => {
    const plan = makePlan();
    const before = structuredClone(plan);
    assert.equal(checkPlan(plan), plan);
    assert.deepEqual(plan, before);
  });

  const unreadable: [path: string, value: unknown, message: string][] = [
    ['schema', 'benchwright/plan@9', 'schema must be one of benchwright/plan@1, not "benchwright/plan@9"'],
    ['seed', undefined, 'seed is missing'],
    ['seed', 1.5, 'seed must be a whole number, not 1.5'],
    ['load.stages', [], 'load.stages must have at least 1 entries'],
    [
      'load.stages.0.until',
      { kind: 'time', durationMs: '20 s' },
      'load.stages[0].until.durationMs must be a number, not "20 s"',
    ],
    [
      'load.stages.0.until',
      { kind: 'never' },
      'load.stages[0].until.kind must be one of time, requests, dataset, not "never"',
    ],
    ['load.stages.0.shape.rate.ratePerSecond', 0, 'load.stages[0].shape.rate.ratePerSecond must be above 0, not 0'],
    ['load.stages.0.name', 'warmup', 'load.stages[0].name must not be "warmup"'],
    ['load.inFlightlimit', 5, 'load.inFlightlimit is not known'],
    ['backend.headers', { 'X-A': 5 }, 'backend.headers.X-A must be an object, not 5'],
    ['backend.key', 'sk-literal', 'backend.key must be an object, not "sk-literal"'],
    ['backend.timeouts.totalMs', Number.NaN, 'backend.timeouts.totalMs must be a number, not null'],
    ['monitors', {}, 'monitors must be a list, not {}'],
    ['dataset.mix', [], 'dataset.mix must have at least 1 entries'],
    ['dataset.mix', [{ weightRatio: 2, dataset: {} }], 'dataset.mix[0].weightRatio must be at most 1, not 2'],
  ];
  for (const [path, value, message] of unreadable) {
    it(`says where the mistake is: ${message}`, () => {
      assert.deepEqual(refusal(changed(path, value)), {
        code: 'RUN_PLAN_UNREADABLE',
        message: `The plan cannot be used: ${message}.`,
      });
    });
  }

  it('refuses what is no plan at all', () => {
    for (const value of [undefined, null, 5, 'plan', []]) assert.equal(refusal(value).code, 'RUN_PLAN_UNREADABLE');
  });

  it('refuses two stages of one name, and a load that never sends', () => {
    const stage = makeStage('same', flat(5), forTime(1_000));
    assert.match(refusal(makePlan({ load: makeLoad([stage, stage]) })).message, /stages\[1\]\.name is used twice/);
    const rate = { kind: 'ramp', fromPerSecond: 0, toPerSecond: 0 } as const;
    const silent = makeStage('silent', { kind: 'open', arrivals: { kind: 'constant' }, rate }, forTime(1_000));
    assert.match(refusal(makePlan({ load: makeLoad([silent]) })).message, /never sends a request/);
  });

  it('accepts closed loops, abandonment and secrets', () => {
    const { backend } = makePlan();
    const load = makeLoad([makeStage('users', users(4, 100), forTime(1_000))], {
      abandon: { shareRatio: 0.1, afterMs: 5 },
    });
    checkPlan(
      makePlan({
        load,
        uses: ['abandon', 'shared-prefix', 'stage.ramp'],
        backend: { ...backend, key: { kind: 'secret', name: 'KEY' } },
      }),
    );
  });

  const { backend, dataset, monitors, source } = makePlan();
  const mixOf = (part: DatasetPlan, weightRatio = 1): DatasetPlan => ({
    ...dataset,
    source: 'mix',
    mix: [{ weightRatio, dataset: part }],
  });
  it('accepts a mix, also of mixes, and refuses one without weight', () => {
    checkPlan(makePlan({ uses: ['mix'], dataset: mixOf(mixOf(dataset)) }));
    assert.match(
      refusal(makePlan({ dataset: mixOf(mixOf(dataset, 0)) })).message,
      /dataset\.mix\[0\]\.dataset\.mix has no part with a weight above 0/,
    );
  });

  const unavailable: [name: string, changes: Partial<RunPlan>][] = [
    ['`search`', { uses: ['search'] }],
    ['Protocol `tgi`', { backend: { ...backend, protocol: 'tgi' } }],
    ['Protocol `smoke-signals`', { backend: { ...backend, protocol: 'smoke-signals' } }],
    ['`profile`', { backend: { ...backend, profile: 'torch' } }],
    ['Dataset source `sonnet`', { dataset: { ...dataset, source: 'sonnet' } }],
    ['Monitor source `nvidia`', { monitors: monitors.map((each) => ({ ...each, source: 'nvidia' })) }],
    ['`via`', { monitors: monitors.map((each) => ({ ...each, via: { kind: 'ssh', target: 'box' } })) }],
    ['`repeat`', { repeat: 3 }],
    ['Dataset source `trace`', { dataset: mixOf({ ...dataset, source: 'trace' }) }],
    ['Dataset source `sonnet`', { dataset: mixOf(mixOf({ ...dataset, source: 'sonnet' })) }],
    [
      'A `mix` of datasets with arrival times (recorded)',
      { dataset: mixOf({ ...dataset, name: 'recorded', source: 'jsonl', options: { timestampPath: '$.at' } }) },
    ],
  ];
  for (const [name, changes] of unavailable) {
    it(`refuses by name what it cannot execute: ${name}`, () => {
      assert.deepEqual(refusal(makePlan(changes)), {
        code: 'RUN_NOT_AVAILABLE',
        message: `${name} is not available yet.`,
      });
    });
  }

  it('tells where in the scenario the refused thing stands', () => {
    assert.throws(
      () => checkPlan(makePlan({ repeat: 2 })),
      (error: { location?: { line: number } }) => error.location?.line === source.location.line,
    );
  });
});
