import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeadlineWatch, type Expiring } from '../../../../src/runner/request/deadlines.ts';
import { createFakeClock } from '../../../helpers/fake-clock.ts';

class Waiting implements Expiring {
  overdueMs: number | undefined;
  expiredAtMs: number | undefined;
  atMs: number;
  private readonly expired: (each: Waiting) => void;

  constructor(atMs: number, expired: (each: Waiting) => void) {
    this.atMs = atMs;
    this.expired = expired;
  }
  deadlineMs(): number {
    return this.atMs;
  }
  expire(): void {
    this.expired(this);
  }
}

function watch() {
  const clock = createFakeClock();
  const waiting = new Set<Waiting>();
  const deadlines = new DeadlineWatch(clock, waiting);
  const add = (atMs: number): Waiting => {
    const one = new Waiting(atMs, (each) => {
      each.expiredAtMs = clock.nowMs();
      waiting.delete(each);
    });
    waiting.add(one);
    deadlines.mention(atMs);
    return one;
  };
  return { clock, waiting, deadlines, add };
}

test('each ends at its deadline, a look later and never before', () => {
  const { clock, add } = watch();
  const all = [500, 20, 300, 20, 1].map(add);
  clock.advance(1000);
  for (const { atMs, expiredAtMs = -1 } of all)
    assert.ok(expiredAtMs >= atMs && expiredAtMs <= atMs + 2, `${atMs} ended at ${expiredAtMs}`);
});

test('a deadline that moved away while it was waited for does not end anything', () => {
  const { clock, add } = watch();
  const streaming = add(100);
  for (let token = 0; token < 50; token += 1) {
    clock.advance(10);
    streaming.atMs = clock.nowMs() + 100;
  }
  assert.equal(streaming.expiredAtMs, undefined);
  clock.advance(150);
  assert.ok((streaming.expiredAtMs ?? 0) >= 590);
});

test('what was read between the first and the second look saves a request', () => {
  const { clock, add } = watch();
  const late = add(100);
  clock.advance(100);
  assert.equal(late.expiredAtMs, undefined, 'not at the first look');
  late.atMs = 400;
  clock.advance(250);
  assert.equal(late.expiredAtMs, undefined);
});

test('one timer, however many wait, and none when nobody does', () => {
  const { clock, add, deadlines } = watch();
  for (let number = 0; number < 2000; number += 1) add(1000 + number);
  assert.equal(clock.pendingTimers, 1);
  clock.advance(4000);
  assert.equal(clock.pendingTimers, 0);
  add(5000);
  deadlines.dispose();
  assert.equal(clock.pendingTimers, 0);
});
