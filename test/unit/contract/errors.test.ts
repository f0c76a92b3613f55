import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunError } from '../../../src/contract/errors.ts';

test('an error keeps its code, hint, place and exit code over a process boundary', () => {
  const location = { file: '/home/ada/chat.bench', line: 1, column: 9 };
  const error = new RunError('RUN_SECRET_MISSING', 'The secret KEY has no value.', { hint: 'Set it.', location });
  assert.deepEqual(RunError.fromData(JSON.parse(JSON.stringify(error.toData()))).toData(), error.toData());
  assert.equal(error.exitCode, 3);
});

test('an error thrown in another bundle is still itself, not a bug', () => {
  // Each bundle has a class of its own under this name.
  class OtherRunError extends Error {
    override name = 'RunError';
    code = 'RUN_DISK_FULL';
    hint = 'Make room.';
    exitCode = 3;
    location = undefined;
  }
  const error = RunError.from(new OtherRunError('The disk is full.'));
  assert.deepEqual(error.toData(), {
    code: 'RUN_DISK_FULL',
    message: 'The disk is full.',
    hint: 'Make room.',
    exitCode: 3,
  });
});

test('anything else that was thrown is a bug, with what was thrown as its cause', () => {
  for (const thrown of [new TypeError('x is not a function'), 'a text', undefined]) {
    const error = RunError.from(thrown);
    assert.equal(error.code, 'RUN_INTERNAL');
    assert.equal(error.cause, thrown);
  }
});
