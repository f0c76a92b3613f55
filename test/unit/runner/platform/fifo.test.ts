import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectGarbage } from '../../../../src/runner/platform/collect-garbage.ts';
import { Fifo } from '../../../../src/runner/platform/fifo.ts';
import { createRandom } from '../../../../src/runner/platform/random.ts';

test('is what an array is, whatever is done to it', () => {
  const random = createRandom(7, 'fifo');
  const fifo = new Fifo<number>();
  let model: number[] = [];
  for (let step = 0; step < 20_000; step += 1) {
    const drawn = random();
    const isGrowing = step % 4_000 < 2_000;
    if (drawn < (isGrowing ? 0.6 : 0.4)) {
      // Mostly near the end, as alarms are.
      const index = random() < 0.8 ? model.length : Math.floor(random() * (model.length + 1));
      fifo.insert(index, step);
      model.splice(index, 0, step);
    } else if (drawn < 0.999) assert.equal(fifo.shift(), model.shift());
    else {
      assert.deepEqual(fifo.drain(), model);
      model = [];
    }
    assert.equal(fifo.length, model.length);
    assert.equal(fifo.at(0), model[0]);
    assert.equal(fifo.at(model.length), undefined);
    if (step % 500 === 0) assert.deepEqual([...fifo], model);
  }
});

test('lets go of what was taken from it', async () => {
  const fifo = new Fifo<object>();
  const taken = Array.from({ length: 40 }, () => {
    fifo.push({});
    return new WeakRef(fifo.shift() as object);
  });
  fifo.push({});
  const drained = new WeakRef(fifo.drain()[0] as object);
  // What a WeakRef was made of in this turn of the event loop is kept until the next.
  await new Promise(setImmediate);
  collectGarbage();
  assert.deepEqual(
    [...taken, drained].filter((each) => each.deref() !== undefined),
    [],
  );
});
