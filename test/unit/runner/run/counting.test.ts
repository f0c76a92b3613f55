import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import type { RequestRecord } from '../../../../src/contract/outcome.ts';
import { createTextCounter } from '../../../../src/runner/run/text-counter.ts';
import { createTokenCount } from '../../../../src/runner/run/token-count.ts';

const record = (id: number, changes: Partial<RequestRecord> = {}): RequestRecord => ({
  id,
  stage: 'steady',
  backend: 'demo',
  dueMs: id,
  outcome: 'ok',
  ...changes,
});

describe('token counts of a local tokenizer', () => {
  it('complete the record of their text, in the order of asking, beside the usage of the server where there is one', () => {
    const passed: RequestRecord[] = [];
    const count = createTokenCount((each) => passed.push(each));
    count.add(record(0), undefined);
    count.add(record(1, { tokenSource: 'none' }), 'a b c');
    count.add(record(2, { tokenSource: 'usage', outputTokens: 9 }), 'a b');
    assert.deepEqual(
      passed.map(({ id }) => id),
      [0],
    );
    assert.deepEqual(count.takeTexts(), ['a b c', 'a b']);
    assert.deepEqual(count.takeTexts(), []);
    count.add(record(3), 'late');
    count.counted([3, 2]);
    assert.deepEqual(passed.slice(1), [
      record(1, { tokenSource: 'tokenizer', outputTokens: 3 }),
      record(2, { tokenSource: 'usage', outputTokens: 9, countedOutputTokens: 2 }),
    ]);
    assert.equal(count.waiting, 1);
  });

  it('that do not come leave the record as it was', () => {
    const passed: RequestRecord[] = [];
    const count = createTokenCount((each) => passed.push(each));
    count.add(record(1), 'text');
    count.giveUp();
    assert.deepEqual(passed, [record(1)]);
    assert.equal(count.waiting, 0);
  });
});

describe('counting texts', () => {
  it('gives way to other work after each slice, and answers in order', async () => {
    let nowMs = 0;
    let turns = 0;
    const counter = createTextCounter({
      countTokens: (text) => {
        nowMs += 4;
        return text.split(' ').length;
      },
      clock: { nowMs: () => nowMs },
      nextTurn: async () => void (turns += 1),
    });
    const [first, second] = await Promise.all([
      counter.count(Array.from({ length: 9 }, () => 'one two')),
      counter.count(['one', 'one two three']),
    ]);
    assert.deepEqual(
      first,
      Array.from({ length: 9 }, () => 2),
    );
    assert.deepEqual(second, [1, 3]);
    assert.equal(turns, 3);
  });
});
