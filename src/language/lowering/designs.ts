/** Which combinations of levels a sweep runs. Pure: from the number of levels of each factor to points, each one level per factor. */
import type { SweepDesign } from '../../contract/study-plan.ts';
import { orthogonalPoints } from './orthogonal-array.ts';

export type Point = readonly number[];

export function pointsOf(design: SweepDesign, levelCounts: readonly number[]): Point[] {
  switch (design) {
    case 'full':
      return fullPoints(levelCounts);
    case 'orthogonal':
      return orthogonalPoints(levelCounts) ?? fullPoints(levelCounts);
    case 'one-at-a-time':
      return oneAtATimePoints(levelCounts);
    case 'progressive':
      return progressivePoints(levelCounts);
  }
}

/** How many that would be, without making them where there may be millions. */
export function countPoints(design: SweepDesign, levelCounts: readonly number[]): number {
  if (design === 'one-at-a-time') return levelCounts.reduce((sum, levels) => sum + levels - 1, 1);
  if (design === 'orthogonal') return orthogonalPoints(levelCounts)?.length ?? fullCount(levelCounts);
  return fullCount(levelCounts);
}

export function fullCount(levelCounts: readonly number[]): number {
  return levelCounts.reduce((product, levels) => product * levels, 1);
}

/** The last factor turns fastest, so that what stands first (often the server) changes least. */
function fullPoints(levelCounts: readonly number[]): Point[] {
  return levelCounts.reduce<number[][]>(
    (points, levels) => points.flatMap((point) => Array.from({ length: levels }, (_, level) => [...point, level])),
    [[]],
  );
}

/** All first levels, then each other level of one factor while the rest stay at their first. */
function oneAtATimePoints(levelCounts: readonly number[]): Point[] {
  const first = levelCounts.map(() => 0);
  const others = levelCounts.flatMap((levels, factor) =>
    Array.from({ length: levels - 1 }, (_, level) => first.with(factor, level + 1)),
  );
  return [first, ...others];
}

/** All combinations, the easy ones first: by how many steps they are from the first levels. */
function progressivePoints(levelCounts: readonly number[]): Point[] {
  const steps = (point: Point): number => point.reduce((sum, level) => sum + level, 0);
  return fullPoints(levelCounts).sort((left, right) => steps(left) - steps(right));
}

/**
 * For each point, those it continues: one step easier in one of the factors that have an order. Names have none, so what breaks one
 * backend says nothing about another.
 */
export function predecessorsOf(points: readonly Point[], hasOrder: readonly boolean[]): number[][] {
  const positions = new Map(points.map((point, position) => [point.join(), position]));
  return points.map((point) =>
    point.flatMap((level, factor) => {
      const easier =
        hasOrder[factor] === true && level > 0 ? positions.get(point.with(factor, level - 1).join()) : undefined;
      return easier ?? [];
    }),
  );
}
