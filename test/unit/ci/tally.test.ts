import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addTallies, closingLine, countEvent, judgeSuite, type TestEvent } from '../../../.ci/tally.ts';

const event = (fields: Partial<TestEvent> = {}): TestEvent => ({
  name: 'adds',
  file: '/repo/test/unit/sum.test.ts',
  details: { type: 'test' },
  ...fields,
});

describe('counting events', () => {
  const cases: readonly [string, 'test:pass' | 'test:fail', TestEvent, string][] = [
    ['a test that passes', 'test:pass', event(), '1 passed, 0 failed'],
    ['a test that fails', 'test:fail', event(), '0 passed, 1 failed'],
    ['a skipped test, with a reason', 'test:pass', event({ skip: 'no GPU' }), '0 passed, 0 failed, 1 skipped'],
    ['a skipped test, without one', 'test:pass', event({ skip: true }), '0 passed, 0 failed, 1 skipped'],
    ['a test with skip: false', 'test:pass', event({ skip: false }), '1 passed, 0 failed'],
    ['a test that is still to do', 'test:pass', event({ todo: true }), '0 passed, 1 failed'],
    ['a group', 'test:pass', event({ details: { type: 'suite' } }), '0 passed, 0 failed'],
    [
      'a group whose tests failed, which are counted themselves',
      'test:fail',
      event({ details: { type: 'suite', error: { failureType: 'subtestsFailed' } } }),
      '0 passed, 0 failed',
    ],
    [
      'a group whose hook failed',
      'test:fail',
      event({ details: { type: 'suite', error: { failureType: 'hookFailed' } } }),
      '0 passed, 1 failed',
    ],
    ['a file without a test', 'test:pass', event({ name: 'test/unit/sum.test.ts' }), '0 passed, 1 failed'],
    ['a file that died while loading', 'test:fail', event({ name: 'test/unit/sum.test.ts' }), '0 passed, 1 failed'],
  ];
  for (const [what, type, data, expected] of cases) {
    test(what, () => assert.equal(closingLine(countEvent(type, data)), expected));
  }
});

describe('judging a suite', () => {
  const tally = { passed: 3, failed: 0, skipped: 0 };

  test('all passed', () => {
    assert.deepEqual(judgeSuite({ exitCode: 0, isTimedOut: false, tally }), { tally });
  });
  test('failures that were counted are not counted twice', () => {
    const failed = { ...tally, failed: 2 };
    assert.deepEqual(judgeSuite({ exitCode: 1, isTimedOut: false, tally: failed }), { tally: failed });
  });
  test('an exit code that no counted failure explains is one', () => {
    const { tally: judged, problem } = judgeSuite({ exitCode: 7, isTimedOut: false, tally });
    assert.equal(closingLine(judged), '3 passed, 1 failed');
    assert.match(problem ?? '', /exit code 7/);
  });
  test('a crash before any count is a failure', () => {
    assert.equal(
      closingLine(judgeSuite({ exitCode: 139, isTimedOut: false, tally: undefined }).tally),
      '0 passed, 1 failed',
    );
  });
  test('executing nothing is a failure, even with exit code 0', () => {
    const nothing = { passed: 0, failed: 0, skipped: 0 };
    assert.equal(
      closingLine(judgeSuite({ exitCode: 0, isTimedOut: false, tally: nothing }).tally),
      '0 passed, 1 failed',
    );
  });
  test('what had passed before a time-out still counts, and the time-out is a failure', () => {
    assert.equal(closingLine(judgeSuite({ exitCode: 137, isTimedOut: true, tally }).tally), '3 passed, 1 failed');
  });
});

describe('the closing line', () => {
  test('adds up all suites', () => {
    const sum = addTallies([
      { passed: 10, failed: 0, skipped: 0 },
      { passed: 5, failed: 2, skipped: 0 },
    ]);
    assert.equal(closingLine(sum), '15 passed, 2 failed');
  });
  test('names the skipped only where there are any', () => {
    assert.equal(closingLine({ passed: 1, failed: 0, skipped: 1 }), '1 passed, 0 failed, 1 skipped');
  });
});
