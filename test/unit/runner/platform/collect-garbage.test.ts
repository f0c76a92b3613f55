import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { collectGarbage } from '../../../../src/runner/platform/collect-garbage.ts';
import { nextTurn } from '../../../../src/runner/platform/turn.ts';

describe('a collection of all objects', () => {
  it('takes those that nobody holds', async () => {
    const reference = new WeakRef(Array.from({ length: 10 }, (_, index) => index));
    // A WeakRef holds its object until the turn it was made in is over.
    await nextTurn();
    collectGarbage();
    assert.equal(reference.deref(), undefined);
  });
});
