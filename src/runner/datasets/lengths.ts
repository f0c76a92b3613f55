/** Lengths drawn for a prompt's number. */
import type { Distribution } from '../../contract/distribution.ts';
import type { DatasetPlan } from '../../contract/plan.ts';
import { createRandom, sampleWhole } from '../platform/random.ts';

interface Range {
  readonly min: number;
  readonly max: number;
}

const MOST_DRAWS = 50;

/** Drawn again while outside `keep`: the distribution cut off there. What never falls inside is moved to the nearer end. */
export function drawLength(
  distribution: Distribution,
  keep: Range | undefined,
  seed: number,
  what: 'input' | 'output',
  index: number,
): number {
  // Nothing is drawn of it, and there is one of these for every prompt.
  if (distribution.kind === 'constant') return cutOff(Math.max(1, Math.round(distribution.value)), keep);
  const random = createRandom(seed, what, index);
  let length = sampleWhole(distribution, random, 1);
  if (keep === undefined) return length;
  for (let draw = 1; draw < MOST_DRAWS && !isWithin(length, keep); draw += 1)
    length = sampleWhole(distribution, random, 1);
  return cutOff(length, keep);
}

function cutOff(length: number, keep: Range | undefined): number {
  return keep === undefined ? length : Math.max(1, Math.min(keep.max, Math.max(keep.min, length)));
}

/** What to ask of the model for this prompt: the plan's distribution, else what the entry says, else nothing. */
export function outputLength(
  plan: DatasetPlan,
  seed: number,
  index: number,
  own: number | undefined,
): number | undefined {
  if (plan.outputTokens === undefined) return own;
  return drawLength(plan.outputTokens, plan.keep?.outputTokens, seed, 'output', index);
}

export function isWithin(length: number, range: Range | undefined): boolean {
  return range === undefined || (length >= range.min && length <= range.max);
}
