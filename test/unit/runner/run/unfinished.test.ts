import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeUnfinished, type UnfinishedRequest } from '../../../../src/runner/run/unfinished.ts';

const request = (more: Partial<UnfinishedRequest>): UnfinishedRequest => ({
  id: 1,
  stage: 'steady',
  state: 'sent',
  sinceMs: 0,
  reads: 0,
  ...more,
});

test('who waits longest stands first, with how far it got', () => {
  const text = describeUnfinished(
    [
      request({ id: 9, state: 'held', sinceMs: 9_500 }),
      request({ id: 8, state: 'connecting', sinceMs: 9_000 }),
      request({ id: 7, sinceMs: 4_000, reads: 1 }),
      request({ id: 6, sinceMs: 3_000, reads: 40 }),
      request({ id: 5, sinceMs: 1_500 }),
    ],
    10_000,
  );
  assert.equal(
    text,
    '5 of steady (sent 8.5 s ago, no output yet); 6 of steady (sent 7 s ago, 40 reads of output); ' +
      '7 of steady (sent 6 s ago, 1 read of output); 8 of steady (waiting for a connection for 1 s); ' +
      '9 of steady (waiting for a slot for 500 ms)',
  );
});

test('of many, the first twenty', () => {
  const text = describeUnfinished(
    Array.from({ length: 1_000 }, (_, id) => request({ id, sinceMs: id })),
    10_000,
  );
  assert.match(text, /^0 of steady/);
  assert.match(text, /; 19 of steady [^;]*; and 980 more$/);
});
