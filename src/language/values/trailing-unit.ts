/** The unit after `)` or `]` counts for every number inside: `[10, 50] rps`, `normal(512, 64) tokens`. */
import type { AstNode } from 'langium';
import { findUnit, type Unit } from '../../contract/units.ts';
import type { Report } from '../validation/report.ts';
import { suggestUnit } from './quantity.ts';
import { describeValue, isScalar, tidy, type EvaluatedValue, type QuantityValue, type ScalarValue } from './value.ts';

/** `owner` has the unit; `place` is the item it is applied to. */
export function applyTrailingUnit(
  value: EvaluatedValue | undefined,
  owner: AstNode & { readonly unit?: string },
  report: Report,
  place: AstNode = owner,
): EvaluatedValue | undefined {
  if (value === undefined || owner.unit === undefined) return value;
  const unit = findUnit(owner.unit);
  if (unit === undefined) {
    // Said once, at the unit, although it counts for each item.
    const isFirst = place === owner || place.$containerIndex === 0;
    if (isFirst)
      report('BENCH3001', { node: owner, property: 'unit' }, { unit: owner.unit, suggestion: suggestUnit(owner.unit) });
    return undefined;
  }
  const result = withUnit(value, unit);
  if (result === undefined) report('BENCH3015', { node: place }, { unit: owner.unit, actual: describeValue(value) });
  return result;
}

function withUnit(value: EvaluatedValue, unit: Unit): EvaluatedValue | undefined {
  if (isScalar(value)) return toQuantity(value, unit);
  if (value.kind !== 'range') return undefined;
  const from = toQuantity(value.from, unit);
  const to = toQuantity(value.to, unit);
  return from === undefined || to === undefined ? undefined : { kind: 'range', from, to };
}

/** `undefined` for what has a unit already. */
function toQuantity(scalar: ScalarValue, unit: Unit): QuantityValue | undefined {
  if (scalar.kind === 'quantity') return undefined;
  return { kind: 'quantity', value: tidy(scalar.value * unit.factor), dimension: unit.dimension, unit };
}
