import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import type { LoadShape, RateProfile } from '../../../../src/contract/plan.ts';
import { connectionsOf, durationOf, phasesOf } from '../../../../src/runner/run/phases.ts';
import { defaultWorkers } from '../../../../src/runner/run/prepare-run.ts';
import { flat, forRequests, forTime, makeLoad, makeStage, makeWarmup, users } from '../../../helpers/make-load.ts';
import { makePlan } from '../../../helpers/make-plan.ts';

const open = (rate: RateProfile): LoadShape => ({ kind: 'open', arrivals: { kind: 'poisson' }, rate });

describe('the warm-up', () => {
  const warmupOf = (shape: LoadShape, ratePerSecond?: number) =>
    phasesOf(
      makeLoad([makeStage('first', shape, forTime(1_000))], { warmup: makeWarmup(forRequests(5), ratePerSecond) }),
    )[0]?.shape;

  const cases: [name: string, shape: LoadShape, own: number | undefined, expected: LoadShape][] = [
    ['is like the first stage', flat(50, 'poisson'), undefined, flat(50, 'poisson')],
    ['has the rate it says', flat(50, 'poisson'), 5, flat(5, 'poisson')],
    [
      'runs where a ramp begins',
      open({ kind: 'ramp', fromPerSecond: 3, toPerSecond: 9 }),
      undefined,
      flat(3, 'poisson'),
    ],
    [
      'of a ramp from nothing runs at its end',
      open({ kind: 'ramp', fromPerSecond: 0, toPerSecond: 9 }),
      undefined,
      flat(9, 'poisson'),
    ],
    [
      'runs at the base of spikes',
      open({ kind: 'spikes', basePerSecond: 2, spikePerSecond: 9, spikeMs: 1, everyMs: 9 }),
      undefined,
      flat(2, 'poisson'),
    ],
    ['has the users of a closed loop', users(4, 10), undefined, users(4, 10)],
    ['of a closed loop with a rate is an open one', users(4), 5, flat(5)],
  ];
  for (const [name, shape, own, expected] of cases) it(name, () => assert.deepEqual(warmupOf(shape, own), expected));
});

describe('lengths', () => {
  it('are known for time and for open loops by count', () => {
    const [timed, counted, closed] = phasesOf(
      makeLoad([
        makeStage('timed', users(4), forTime(1_000)),
        makeStage('counted', flat(10), forRequests(5)),
        makeStage('closed', users(4), forRequests(5)),
      ]),
    ).map(durationOf);
    assert.deepEqual([timed, counted, closed], [1_000, 500, undefined]);
  });
});

describe('connections', () => {
  const { backend } = makePlan();
  const unknown = { ...backend, protocol: 'openai.chat', options: {} };

  it('are as many as users, or as requests expected in flight, never more than the limit', () => {
    const load = makeLoad([makeStage('users', users(30), forTime(1)), makeStage('rate', flat(50), forTime(1))]);
    const [closed, expected] = connectionsOf(makePlan({ load }));
    assert.equal(closed, 30);
    assert.ok((expected as number) > 80 && (expected as number) < 100, `${expected}`);
    assert.deepEqual(connectionsOf(makePlan({ load: { ...load, inFlightLimit: 20 } })), [20, 20]);
  });

  it('are no more than two seconds’ worth of requests, however long these take', () => {
    const options = { ...backend.options, firstTokenMs: { kind: 'constant', value: 60_000 } } as const;
    const load = makeLoad([makeStage('slow', flat(40), forTime(1))]);
    assert.deepEqual(connectionsOf(makePlan({ load, backend: { ...backend, options } })), [80]);
  });

  it('are a second’s worth of requests where nothing is known, within reason', () => {
    const load = makeLoad([makeStage('slow', flat(2.5), forTime(1)), makeStage('fast', flat(5_000), forTime(1))]);
    assert.deepEqual(connectionsOf(makePlan({ load, backend: unknown })), [3, 128]);
  });
});

describe('workers', () => {
  const many = makePlan({ load: makeLoad([makeStage('users', users(2_000), forTime(1))]) });
  const few = makePlan({ load: makeLoad([makeStage('users', users(2), forTime(1))]) });

  it('leave cores to the main thread and the simulator, and are as many as the load asks for', () => {
    const table = [1, 2, 3, 4, 8, 64].map((cores) => [
      defaultWorkers(many, cores, false),
      defaultWorkers(many, cores, true),
      defaultWorkers(few, cores, false),
    ]);
    assert.deepEqual(table, [
      [1, 1, 1],
      [1, 1, 1],
      [2, 1, 1],
      [3, 2, 1],
      [7, 6, 1],
      [8, 8, 1],
    ]);
  });
});
