/** Designs as tables of levels: what each covers, and with how many points. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SweepDesign } from '../../../../src/contract/study-plan.ts';
import { countPoints, pointsOf, predecessorsOf, type Point } from '../../../../src/language/lowering/designs.ts';

const COUNTS: readonly (readonly [design: SweepDesign, levels: readonly number[], points: number])[] = [
  ['full', [2, 3, 4], 24],
  ['full', [1], 1],
  ['progressive', [2, 3, 4], 24],
  ['one-at-a-time', [2, 3, 4], 7],
  ['one-at-a-time', [1], 1],
  // Sizes of the well-known arrays L4, L8, L9, L16, L25, L27.
  ['orthogonal', [2, 2, 2], 4],
  ['orthogonal', [2, 2, 2, 2], 8],
  ['orthogonal', [2, 2, 2, 2, 2, 2, 2], 8],
  ['orthogonal', [3, 3, 3, 3], 9],
  ['orthogonal', [4, 4, 4, 4, 4], 16],
  ['orthogonal', [5, 5, 5, 5, 5, 5], 25],
  ['orthogonal', [3, 3, 3, 3, 3], 27],
  ['orthogonal', [8, 8, 8], 64],
  ['orthogonal', [9, 9, 9], 81],
  // Of 49 rows for seven levels, two become equal when the seventh is taken for the first.
  ['orthogonal', [6, 6, 6], 47],
  // A half of four columns is the same twice: the array of eight.
  ['orthogonal', [4, 2, 2, 2], 8],
  // Where an array is no smaller, all combinations.
  ['orthogonal', [2, 3], 6],
  ['orthogonal', [7, 1, 1], 7],
];

for (const [design, levels, count] of COUNTS)
  test(`${design} of ${levels.join(' × ')} levels makes ${count} different points`, () => {
    const points = pointsOf(design, levels);
    assert.equal(points.length, count);
    assert.equal(countPoints(design, levels), count);
    assert.equal(new Set(points.map(String)).size, count);
    for (const point of points)
      assert.ok(point.length === levels.length && point.every((level, factor) => level < (levels[factor] ?? 0)));
  });

/** How often each pair of levels of two factors meets. */
function pairs(points: readonly Point[], one: number, other: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const point of points) {
    const key = `${point[one]} ${point[other]}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

for (const levels of [
  [2, 2, 2, 2, 2],
  [3, 3, 3, 3],
  [4, 4, 4, 4],
  [5, 5, 5],
  [8, 8, 8, 8],
  [9, 9, 9],
  [16, 16, 16],
  [4, 2, 2, 2],
])
  test(`in an orthogonal design of ${levels.join(' × ')} every two values of two factors meet equally often`, () => {
    const points = pointsOf('orthogonal', levels);
    for (let one = 0; one < levels.length; one++)
      for (let other = 0; other < one; other++) {
        const counts = pairs(points, one, other);
        assert.equal(counts.size, (levels[one] ?? 0) * (levels[other] ?? 0));
        assert.equal(new Set(counts.values()).size, 1);
      }
  });

for (const levels of [
  [3, 2, 3, 2],
  [6, 4, 3],
  [10, 7, 5],
])
  test(`in an orthogonal design of ${levels.join(' × ')}, whose sizes do not divide, every two values meet`, () => {
    const points = pointsOf('orthogonal', levels);
    for (let one = 0; one < levels.length; one++)
      for (let other = 0; other < one; other++)
        assert.equal(pairs(points, one, other).size, (levels[one] ?? 0) * (levels[other] ?? 0));
  });

test('a progressive design begins with the first values, and each point comes after those it continues', () => {
  const points = pointsOf('progressive', [2, 3]);
  assert.deepEqual(points[0], [0, 0]);
  const before = predecessorsOf(points, [true, true]);
  before.forEach((earlier, position) => assert.ok(earlier.every((each) => each < position)));
  assert.deepEqual(
    before.at(-1)?.map((position) => points[position]),
    [
      [0, 2],
      [1, 1],
    ],
  );
});

test('what has no order, such as backends, is not continued', () => {
  const points = pointsOf('progressive', [2, 2]);
  const before = predecessorsOf(points, [false, true]);
  const easier = points.map((point, position) => [point, before[position]?.map((each) => points[each])]);
  assert.deepEqual(easier, [
    [[0, 0], []],
    [[0, 1], [[0, 0]]],
    [[1, 0], []],
    [[1, 1], [[1, 0]]],
  ]);
});
