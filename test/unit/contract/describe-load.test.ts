import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeLoad, describeStageEnd } from '../../../src/contract/describe-load.ts';

test('loads read as one would write them', () => {
  const poisson = { kind: 'poisson' } as const;
  assert.equal(
    describeLoad({ kind: 'open', arrivals: poisson, rate: { kind: 'flat', ratePerSecond: 50 } }),
    '50 rps poisson',
  );
  assert.equal(
    describeLoad({
      kind: 'open',
      arrivals: { kind: 'gamma', burstiness: 0.5 },
      rate: { kind: 'ramp', fromPerSecond: 10, toPerSecond: 200 },
    }),
    '10 rps to 200 rps gamma, burstiness 0.5',
  );
  assert.equal(
    describeLoad({
      kind: 'open',
      arrivals: { kind: 'constant' },
      rate: { kind: 'spikes', basePerSecond: 20, spikePerSecond: 200, spikeMs: 10_000, everyMs: 60_000 },
    }),
    '20 rps, spikes of 200 rps every 60 s constant',
  );
  assert.equal(
    describeLoad({
      kind: 'open',
      arrivals: poisson,
      rate: { kind: 'sine', minPerSecond: 10, maxPerSecond: 100, periodMs: 120_000 },
    }),
    '10 rps to 100 rps and back every 2 min poisson',
  );
  assert.equal(
    describeLoad({ kind: 'closed', users: 32, thinkMs: { kind: 'exponential', mean: 2000 } }),
    '32 users, thinking 2 s on average',
  );
  assert.equal(describeLoad({ kind: 'closed', users: 1 }), '1 user');
  assert.equal(describeLoad({ kind: 'replay', speed: 2 }), "the dataset's own times, 2 times as fast");
});

test('ends of stages', () => {
  assert.equal(describeStageEnd({ kind: 'time', durationMs: 300_000 }), '5 min');
  assert.equal(describeStageEnd({ kind: 'requests', requests: 10_000 }), '10\u202f000 requests');
  assert.equal(describeStageEnd({ kind: 'dataset' }), 'to the end of the dataset');
});
