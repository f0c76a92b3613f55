import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { createLateLook } from '../../../../src/runner/simulator/late-look.ts';
import { LateWatch } from '../../../../src/runner/simulator/late-watch.ts';

/** What is said in looks between which tokens are written, each this late. Tokens of each thing said. */
async function said(looks: readonly (readonly [tokens: number, lateMs: number])[]): Promise<number[]> {
  const watch = new LateWatch();
  const told: number[] = [];
  const look = createLateLook(
    (question) => Promise.resolve(watch.read(question)),
    ({ tokens }) => told.push(tokens),
  );
  await look();
  for (const [tokens, lateMs] of looks) {
    for (let token = 0; token < tokens; token += 1) watch.record(lateMs);
    await look();
  }
  return told;
}

describe('a simulator says that it is late', () => {
  it('when a hundred tokens were, and not for a few', async () => {
    assert.deepEqual(await said([[99, 6]]), []);
    assert.deepEqual(await said([[100, 6]]), [100]);
    assert.deepEqual(await said([[1000, 4]]), []);
  });

  it('also where it takes several looks until there are so many', async () => {
    const fifty = [50, 6] as const;
    assert.deepEqual(await said([fifty, fifty, fifty, [0, 0]]), [100]);
  });

  it('again only after a while', async () => {
    const late = [200, 6] as const;
    assert.deepEqual(await said([late, late, late, late, late, late]), [200]);
    assert.deepEqual(await said([late, late, late, late, late, late, late]), [200, 200]);
  });
});
