import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { pid, platform } from 'node:process';
import { wakeOnTime } from '../../../../src/runner/platform/timer-slack.ts';

describe('a thread that wants to wake on time', () => {
  // The main thread has the process's number.
  it('has the least timer slack, where the kernel has such a thing', () => {
    assert.equal(wakeOnTime(), platform === 'linux');
    if (platform === 'linux') assert.equal(readFileSync(`/proc/${pid}/timerslack_ns`, 'utf8').trim(), '1');
  });
});
