/** Loads as a whole: stages and their names, warm-up, limits. */
import { isLoad, isStage, type InFlight, type LoadBlock, type Warmup } from '../ast.ts';
import { loadItems } from '../schema/bodies.ts';
import { coerce } from '../values/coerce.ts';
import { evaluate } from '../values/evaluate.ts';
import { DIMENSION_NAMES, describeValue } from '../values/value.ts';
import type { Check } from './check.ts';
import { mayHaveGaps } from './gaps.ts';

export const checkLoadBlock: Check<LoadBlock> = (block, { report }) => {
  const container = block.$container;
  const names = new Set<string>();
  for (const stage of block.items.filter(isStage)) {
    if (stage.name === undefined) continue;
    if (names.has(stage.name)) report('BENCH5008', { node: stage, property: 'name' }, { name: stage.name });
    names.add(stage.name);
  }
  const hasStages = loadItems(isLoad(container) ? container : block).some(isStage);
  if (hasStages || (isLoad(container) && mayHaveGaps(container))) return;
  report(
    'BENCH5010',
    isLoad(container) ? { node: container, property: 'name' } : { node: container, keyword: 'load' },
    {},
  );
};

export const checkWrittenOnce: Check<LoadBlock> = (block, { report }) => {
  const seen = new Set<string>();
  for (const item of block.items) {
    const word = { Warmup: 'warmup', InFlight: 'in-flight', Abandon: 'abandon', Stage: '', Property: '' }[item.$type];
    if (word === '') continue;
    if (seen.has(word)) report('BENCH4006', { node: item }, { name: word });
    seen.add(word);
  }
};

export const checkWarmup: Check<Warmup> = (warmup, { report, environment }) => {
  const { amount, rate } = warmup;
  const value = evaluate(amount, environment, report);
  const isAmount = value?.kind === 'quantity' && (value.dimension === 'duration' || value.dimension === 'requests');
  if (amount !== undefined && value !== undefined && !isAmount) {
    const expected = `${DIMENSION_NAMES.duration} or ${DIMENSION_NAMES.requests}`;
    if (value.kind === 'number')
      report(
        'BENCH3003',
        { node: amount },
        { expected, units: 's, min, requests', number: String(value.value), unit: 'requests' },
      );
    else report('BENCH3002', { node: amount }, { expected, actual: describeValue(value) });
  }
  if (rate !== undefined) {
    const given = evaluate(rate, environment, report);
    const number = coerce(given, { kind: 'quantity', dimension: 'rate' }, rate, report);
    if (number === 0) report('BENCH3004', { node: rate }, { value: '0', bound: 'above zero' });
  }
};

export const checkInFlight: Check<InFlight> = ({ limit }, { report, environment }) => {
  if (limit !== undefined) coerce(evaluate(limit, environment, report), { kind: 'integer', min: 1 }, limit, report);
};
