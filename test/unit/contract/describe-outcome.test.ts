import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeEnd, describeOutcome } from '../../../src/contract/describe-outcome.ts';

const sla = (...verdicts: ('met' | 'breached' | 'undecided' | 'unmeasured')[]) =>
  verdicts.map((verdict) => ({ verdict }));

test('an outcome is said in one sentence', () => {
  assert.equal(describeOutcome('passed', [], 'valid'), 'Passed: no service levels to meet');
  assert.equal(describeOutcome('passed', sla('met'), 'valid'), 'Passed: the 1 service level met');
  assert.equal(describeOutcome('passed', sla('met', 'met'), 'suspect'), 'Passed: all 2 service levels met');
  assert.equal(
    describeOutcome('failed', sla('met', 'breached', 'undecided'), 'valid'),
    'Failed: 1 of 3 service levels breached',
  );
  assert.equal(
    describeOutcome('undecided', sla('met', 'unmeasured', 'undecided'), 'valid'),
    'Undecided: 2 of 3 service levels could not be decided',
  );
  assert.match(describeOutcome('aborted', sla('met'), 'valid'), /^Aborted/);
  assert.match(describeOutcome('error', [], 'valid'), /^The run ended early/);
});

test('figures of an overloaded generator are no verdict', () => {
  assert.match(describeOutcome('passed', sla('met'), 'invalid'), /^Invalid: the load generator/);
});

test('a run that somebody ended is told in the words of the runner', () => {
  const error = {
    code: 'RUN_INTERRUPTED',
    message: 'Stopped: requests in flight were finished.',
    exitCode: 3,
  } as const;
  assert.equal(describeEnd('aborted', [], 'suspect', error), 'Stopped: requests in flight were finished');
  assert.match(describeEnd('aborted', [], 'valid', undefined), /^Aborted/);
  assert.match(describeEnd('aborted', [], 'invalid', error), /^Invalid/);
  assert.match(describeEnd('error', [], 'valid', error), /^The run ended early/);
});
