import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ValidityVerdict } from '../../../../src/contract/report.ts';
import { createGeneratorWatch } from '../../../../src/runner/run/generator-watch.ts';

/** Live verdict after seconds in each of which requests left so late. */
function verdictAfter(seconds: readonly (readonly number[])[], isMeasured = true): ValidityVerdict {
  const watch = createGeneratorWatch();
  for (const lagsMs of seconds) {
    const scheduleLagsMs = Float64Array.from(lagsMs);
    watch.take(0, {
      ...{ loopLagMsP99: 1, loopLagMsMax: 2, cpuRatio: 0.3, gcPauseMsMax: 1, sockets: 5 },
      ...{ scheduleLagMsP99: Math.max(0, ...lagsMs), scheduleLagMsMax: Math.max(0, ...lagsMs), scheduleLagsMs },
    });
    watch.sample(0, isMeasured);
  }
  return watch.verdict;
}

const quiet = Array.from({ length: 20 }, () => 0.2);
const lateOnce = [...quiet.slice(1), 48];

const CASES: readonly [string, readonly (readonly number[])[], ValidityVerdict][] = [
  ['nothing late', [quiet, quiet], 'valid'],
  ['one late request of twenty', [lateOnce], 'suspect'],
  ['one late request of two hundred', [lateOnce, ...Array.from({ length: 9 }, () => quiet)], 'valid'],
  [
    'three late requests of two hundred',
    [lateOnce, lateOnce, lateOnce, ...Array.from({ length: 7 }, () => quiet)],
    'suspect',
  ],
  ['all very late', [[300, 300]], 'invalid'],
  ['a second in which nothing was due', [[]], 'valid'],
];

suite('the live verdict takes the schedule lag over all requests, as the report does', () => {
  for (const [name, seconds, verdict] of CASES)
    test(`${name}: ${verdict}`, () => assert.equal(verdictAfter(seconds), verdict));
  test('what is late in the warm-up counts for nothing', () => assert.equal(verdictAfter([[300]], false), 'valid'));
});
