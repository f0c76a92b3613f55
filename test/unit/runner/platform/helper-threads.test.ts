import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import { describe, it } from 'node:test';
import { holdBackHelperThreads } from '../../../../src/runner/platform/helper-threads.ts';

const elsewhere = process.platform === 'linux' ? false : 'only Linux has priorities of threads';

function threads(): { readonly helpers: number[]; readonly others: number[] } {
  const named = readdirSync('/proc/self/task').map((id) => ({
    id: Number(id),
    name: readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim(),
  }));
  return {
    helpers: named.filter(({ name }) => name === 'V8Worker').map(({ id }) => id),
    others: named.filter(({ name }) => name !== 'V8Worker').map(({ id }) => id),
  };
}

describe('helper threads that are held back', { skip: elsewhere }, () => {
  it('get less than the threads they help', () => {
    const { helpers, others } = threads();
    assert.ok(helpers.length > 0, 'Node names its helper threads otherwise now');
    const before = others.map((id) => getPriority(id));
    const restore = holdBackHelperThreads(1);
    try {
      assert.deepEqual(
        helpers.map((id) => getPriority(id)),
        helpers.map(() => Math.max(constants.priority.PRIORITY_BELOW_NORMAL, before[0] as number)),
      );
      assert.deepEqual(
        others.map((id) => getPriority(id)),
        before,
      );
    } finally {
      restore();
    }
  });
});
