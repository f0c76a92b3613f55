import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../../src/runner/platform/random.ts';
import { FlightList, NO_PLACE, type Placed } from '../../../../src/runner/request/flight-list.ts';

test('has who came and did not go, each once', () => {
  const random = createRandom(7, 'flights');
  const list = new FlightList<Placed>();
  const model = new Set<Placed>();
  const known: Placed[] = [];
  for (let step = 0; step < 20_000; step += 1) {
    const one = known[Math.floor(random() * known.length)];
    if (random() < 0.5 || one === undefined) {
      const added = { place: NO_PLACE };
      known.push(added);
      list.add(added);
      model.add(added);
    } else {
      // Often one that has gone already.
      list.delete(one);
      model.delete(one);
    }
    assert.equal(list.size, model.size);
    if (step % 500 === 0) assert.deepEqual(new Set(list), model);
  }
  assert.equal([...list].length, model.size);
});
