/** Computes what an expression stands for: folds constants, follows params, fills templates. Never throws; what is wrong is reported. */
import type { AstNode } from 'langium';
import {
  isParam,
  type Binary,
  type NameRef,
  type Named,
  type Param,
  type Quantity,
  type Range,
  type Value,
} from '../ast.ts';
import { paramsBehind } from '../references/params-behind.ts';
import { silent, type Report } from '../validation/report.ts';
import { calculate } from './arithmetic.ts';
import { evaluateCall } from './evaluate-call.ts';
import { evaluateTemplate, MAXIMUM_TEXT, type Placeholders } from './evaluate-text.ts';
import { givenOf } from './given-value.ts';
import { parseQuantity, suggestUnit } from './quantity.ts';
import { applyTrailingUnit } from './trailing-unit.ts';
import { describeValue, isScalar, tidy, type EvaluatedValue } from './value.ts';

/** One computation's memory: values given from outside, and params already computed. */
export class Environment {
  /** By param name: `--set`, or a sweep's point. */
  readonly bindings: ReadonlyMap<string, EvaluatedValue>;
  readonly #values = new Map<Param, EvaluatedValue | undefined>();
  readonly #active = new Set<Param>();

  constructor(bindings: ReadonlyMap<string, EvaluatedValue> = new Map()) {
    this.bindings = bindings;
  }

  valueOf(param: Param): EvaluatedValue | undefined {
    const bound = this.bindings.get(param.name);
    if (bound !== undefined) return bound;
    if (this.#values.has(param)) return this.#values.get(param);
    if (this.#active.has(param) || param.value === undefined) return undefined;
    // Those behind the first one are fewer still.
    if (this.#active.size === 0 && paramsBehind(param) === 'too-many') return undefined;
    this.#active.add(param);
    const value = evaluate(param.value, this, silent);
    this.#active.delete(param);
    this.#values.set(param, value);
    return value;
  }
}

/** `undefined`: it cannot be computed, and the reason has been reported (for a param: where the param is declared). */
export function evaluate(
  value: Value | undefined,
  environment: Environment,
  report: Report,
  placeholders?: Placeholders,
): EvaluatedValue | undefined {
  const again = (inner: Value | undefined): EvaluatedValue | undefined =>
    evaluate(inner, environment, report, placeholders);
  switch (value?.$type) {
    case 'NumberLiteral':
      return givenOf(value) ?? { kind: 'number', value: value.value };
    case 'Quantity':
      return evaluateQuantity(value, report);
    case 'PlainText':
      return { kind: 'text', text: value.value };
    case 'Template':
      return evaluateTemplate(value, again, report, placeholders);
    case 'NamedText': {
      const text = again(value.text);
      return text?.kind === 'text' ? { kind: 'labelled', label: value.label, text: text.text } : undefined;
    }
    case 'NameRef':
      return evaluateName(value, environment, report);
    case 'Binary':
      return evaluateBinary(value, again(value.left), again(value.right), report);
    case 'Range':
      return evaluateRange(value, again(value.from), again(value.to), report);
    case 'Group':
      return applyTrailingUnit(again(value.value), value, report);
    case 'List': {
      const items = value.items.map((item) => applyTrailingUnit(again(item), value, report, item));
      return items.includes(undefined)
        ? undefined
        : { kind: 'list', items: items.filter((item) => item !== undefined) };
    }
    case 'Call':
      return evaluateCall(value, report, again);
    case undefined:
      return undefined;
  }
}

function evaluateQuantity(node: Quantity, report: Report): EvaluatedValue | undefined {
  const { number, unit, unitText } = parseQuantity(node.text);
  if (unit !== undefined)
    return { kind: 'quantity', value: tidy(number * unit.factor), dimension: unit.dimension, unit };
  report('BENCH3001', { node, property: 'text' }, { unit: unitText, suggestion: suggestUnit(unitText) });
  return undefined;
}

function evaluateName(node: NameRef, environment: Environment, report: Report): EvaluatedValue | undefined {
  const target = referredTo(node);
  if (target === undefined) return { kind: 'word', word: node.ref?.$refText ?? '' };
  if (isParam(target) && target.value === undefined && !environment.bindings.has(target.name))
    report('BENCH2012', { node }, { name: target.name });
  return isParam(target) ? environment.valueOf(target) : { kind: 'declaration', node: target };
}

/** Text given with `--set` is parsed on its own and belongs to no file, so its names refer to nothing. */
function referredTo(node: NameRef): Named | undefined {
  let root: AstNode = node;
  while (root.$container !== undefined) root = root.$container;
  return root.$document === undefined ? undefined : node.ref?.ref;
}

function evaluateBinary(
  node: Binary,
  left: EvaluatedValue | undefined,
  right: EvaluatedValue | undefined,
  report: Report,
): EvaluatedValue | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (node.operator === '+' && left.kind === 'text' && right.kind === 'text' && left.text.length < MAXIMUM_TEXT)
    return { kind: 'text', text: left.text + right.text };
  const scalars = isScalar(left) && isScalar(right);
  if (scalars && node.operator === '/' && right.value === 0) {
    report('BENCH3012', { node: node.right }, {});
    return undefined;
  }
  const result = scalars ? calculate(left, node.operator, right) : undefined;
  if (result === undefined)
    report('BENCH3005', { node }, { left: describeValue(left), operator: node.operator, right: describeValue(right) });
  return result;
}

function evaluateRange(
  node: Range,
  from: EvaluatedValue | undefined,
  to: EvaluatedValue | undefined,
  report: Report,
): EvaluatedValue | undefined {
  if (from === undefined || to === undefined) return undefined;
  for (const [end, property] of [
    [from, 'from'],
    [to, 'to'],
  ] as const) {
    if (isScalar(end)) continue;
    report('BENCH3002', { node, property }, { expected: 'a number or a quantity', actual: describeValue(end) });
    return undefined;
  }
  if (!isScalar(from) || !isScalar(to)) return undefined;
  // `4 .. 4096 tokens`: the unit at the end counts for both.
  if (from.kind === 'number' && to.kind === 'quantity' && to.unit !== undefined)
    return { kind: 'range', from: { ...to, value: tidy(from.value * to.unit.factor) }, to };
  const dimension = from.kind === 'quantity' ? from.dimension : undefined;
  if (dimension === (to.kind === 'quantity' ? to.dimension : undefined)) return { kind: 'range', from, to };
  report('BENCH3002', { node, property: 'to' }, { expected: describeValue(from), actual: describeValue(to) });
  return undefined;
}
