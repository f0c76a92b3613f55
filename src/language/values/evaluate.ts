/** Computes what an expression stands for: folds constants, follows params, fills templates. Never throws; what is wrong is reported. */
import type { AstNode } from 'langium';
import { nearest } from '../../contract/nearest.ts';
import { findUnit, unitsOf } from '../../contract/units.ts';
import {
  isParam,
  type Argument,
  type Binary,
  type Call,
  type Expression,
  type NameRef,
  type Named,
  type Param,
  type Quantity,
  type Range,
  type Template,
  type Value,
} from '../ast.ts';
import { dedent } from '../parser/value-converter.ts';
import { silent, type Report } from '../validation/report.ts';
import { calculate } from './arithmetic.ts';
import { isProblem, makeDistribution } from './distributions.ts';
import { FUNCTIONS } from './functions.ts';
import { parseQuantity, suggestUnit } from './quantity.ts';
import { DIMENSION_NAMES, describeValue, showValue, tidy, type EvaluatedValue, type ScalarValue } from './value.ts';

/** Longest text a template may make: params that double each other would otherwise fill the memory. */
const MAXIMUM_TEXT = 1_000_000;

/** Names that a template may leave for the run to fill in, with what they mean. */
export type Placeholders = Readonly<Record<string, string>>;

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
      return { kind: 'number', value: value.value };
    case 'Quantity':
      return evaluateQuantity(value, report);
    case 'PlainText':
      return { kind: 'text', text: value.value };
    case 'Template':
      return evaluateTemplate(value, environment, report, placeholders);
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
      return applyUnit(again(value.value), value, report);
    case 'List': {
      const items = value.items.map((item) => applyUnit(again(item), value, report, item));
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

function evaluateTemplate(
  node: Template,
  environment: Environment,
  report: Report,
  placeholders: Placeholders | undefined,
): EvaluatedValue | undefined {
  const isBlock = node.$cstNode?.text.startsWith('"""') === true;
  const texts = isBlock ? dedent(node.texts) : node.texts;
  const values = node.values.map((value) => evaluateInText(value, environment, report, placeholders));
  if (values.includes(undefined)) return undefined;
  const text = texts.map((part, index) => part + (values[index] ?? '')).join('');
  if (text.length <= MAXIMUM_TEXT) return { kind: 'text', text };
  report('BENCH3013', { node }, { what: `A text of more than ${MAXIMUM_TEXT} characters` });
  return undefined;
}

/** A placeholder stays as written, for the run to fill in; everything else becomes text now. */
function evaluateInText(
  node: Expression,
  environment: Environment,
  report: Report,
  placeholders: Placeholders | undefined,
): string | undefined {
  if (node.$type === 'Call' && node.name === 'json') {
    const argument = node.arguments[0]?.value;
    const inner =
      argument === undefined ? undefined : evaluateInTextArgument(argument, environment, report, placeholders);
    if (argument === undefined || node.arguments.length !== 1)
      report('BENCH3007', { node }, { signature: 'json(name)', problem: '`json` takes one argument.' });
    return inner === undefined
      ? undefined
      : inner.isPlaceholder
        ? `\${json(${inner.text})}`
        : JSON.stringify(inner.text);
  }
  const result = evaluateInTextArgument(node, environment, report, placeholders);
  return result?.isPlaceholder === true ? `\${${result.text}}` : result?.text;
}

function evaluateInTextArgument(
  node: Value,
  environment: Environment,
  report: Report,
  placeholders: Placeholders | undefined,
): { text: string; isPlaceholder: boolean } | undefined {
  const value = evaluate(node, environment, report);
  if (value?.kind === 'word') {
    if (placeholders !== undefined && value.word in placeholders) return { text: value.word, isPlaceholder: true };
    const names = Object.keys(placeholders ?? {});
    const known = [...paramNamesNear(node), ...names];
    const suggestion = nearest(value.word, known);
    if (placeholders === undefined)
      report('BENCH3011', { node }, { name: value.word, expected: 'a value', suggestion });
    else report('BENCH3016', { node }, { name: value.word, placeholders: listed(names), suggestion });
    return undefined;
  }
  if (value === undefined) return undefined;
  const text = showValue(value);
  if (text !== undefined) return { text, isPlaceholder: false };
  report('BENCH3013', { node }, { what: capitalised(describeValue(value)) });
  return undefined;
}

function evaluateCall(
  node: Call,
  report: Report,
  again: (value: Value | undefined) => EvaluatedValue | undefined,
): EvaluatedValue | undefined {
  const signature = FUNCTIONS[node.name]?.signature;
  if (signature === undefined) {
    const suggestion = nearest(node.name, Object.keys(FUNCTIONS));
    report('BENCH3006', { node, property: 'name' }, { name: node.name, suggestion });
    return undefined;
  }
  if (node.name === 'secret') {
    const name = node.arguments.length === 1 ? again(node.arguments[0]?.value) : undefined;
    if (name?.kind === 'text' && /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name.text))
      return { kind: 'secret', name: name.text };
    report(
      'BENCH3007',
      { node },
      { signature, problem: 'A secret is named by a text of letters, digits, `_`, `-` and `.`.' },
    );
    return undefined;
  }
  if (node.name === 'json') {
    report('BENCH3013', { node }, { what: '`json(…)` stands only inside a text; elsewhere it' });
    return undefined;
  }
  return evaluateDistribution(node, signature, report, again);
}

function evaluateDistribution(
  node: Call,
  signature: string,
  report: Report,
  again: (value: Value | undefined) => EvaluatedValue | undefined,
): EvaluatedValue | undefined {
  const given = node.arguments.map((argument) => ({
    argument,
    value: applyUnit(again(argument.value), node, report, argument),
  }));
  if (given.some(({ value }) => value === undefined)) return undefined;
  const scalars = given.flatMap(({ value }) =>
    value?.kind === 'range' ? [value.from, value.to] : value !== undefined && isScalar(value) ? [value] : [],
  );
  const stranger = given.find(({ value }) => value !== undefined && !isScalar(value) && value.kind !== 'range');
  if (stranger?.value !== undefined) {
    report(
      'BENCH3002',
      { node: stranger.argument },
      { expected: 'a number or a quantity', actual: describeValue(stranger.value) },
    );
    return undefined;
  }
  const dimension = scalars.find((scalar) => scalar.kind === 'quantity')?.dimension;
  const odd = given.find(({ value }) => value !== undefined && !hasDimension(value, dimension));
  if (odd?.value !== undefined && dimension !== undefined) {
    report(
      'BENCH3002',
      { node: odd.argument },
      { expected: DIMENSION_NAMES[dimension], actual: describeValue(odd.value) },
    );
    return undefined;
  }
  const range = given.find(({ value }) => value?.kind === 'range')?.value;
  const result = makeDistribution(node.name, {
    positional: given.flatMap(({ argument, value }) => unnamed(argument, value)),
    named: new Map(given.flatMap(({ argument, value }) => named(argument, value))),
    range: range?.kind === 'range' ? { from: range.from.value, to: range.to.value } : undefined,
  });
  if (result === undefined) return undefined;
  if (!isProblem(result))
    return { kind: 'distribution', distribution: result, ...(dimension === undefined ? {} : { dimension }) };
  if (result.kind === 'arguments') report('BENCH3007', { node }, { signature, problem: result.problem });
  else report('BENCH3008', { node }, { problem: result.problem });
  return undefined;
}

function unnamed(argument: Argument, value: EvaluatedValue | undefined): number[] {
  return argument.name === undefined && value !== undefined && isScalar(value) ? [value.value] : [];
}

function named(argument: Argument, value: EvaluatedValue | undefined): [string, number][] {
  return argument.name !== undefined && value !== undefined && isScalar(value) ? [[argument.name, value.value]] : [];
}

function hasDimension(value: EvaluatedValue, dimension: string | undefined): boolean {
  const scalars = value.kind === 'range' ? [value.from, value.to] : isScalar(value) ? [value] : [];
  return scalars.every((scalar) => (scalar.kind === 'quantity' ? scalar.dimension : undefined) === dimension);
}

/** The unit after `)` or `]` counts for every number inside. */
function applyUnit(
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
  const convert = (scalar: ScalarValue): ScalarValue | undefined =>
    scalar.kind === 'number'
      ? { kind: 'quantity', value: tidy(scalar.value * unit.factor), dimension: unit.dimension, unit }
      : undefined;
  if (isScalar(value) || value.kind === 'range') {
    const ends = value.kind === 'range' ? [convert(value.from), convert(value.to)] : [convert(value)];
    const [first, second] = ends;
    if (first !== undefined && value.kind !== 'range') return first;
    if (first !== undefined && second !== undefined) return { kind: 'range', from: first, to: second };
  }
  report('BENCH3015', { node: place }, { unit: owner.unit, actual: describeValue(value) });
  return undefined;
}

export function isScalar(value: EvaluatedValue): value is ScalarValue {
  return value.kind === 'number' || value.kind === 'quantity';
}

/** Names of params in the same file, for suggestions. */
export function paramNamesNear(node: AstNode): string[] {
  let root: AstNode = node;
  while (root.$container !== undefined) root = root.$container;
  return 'declarations' in root ? (root.declarations as Named[]).filter(isParam).map((param) => param.name) : [];
}

export function listed(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The units of a dimension, for messages. */
export function unitWords(dimension: Parameters<typeof unitsOf>[0]): string {
  return unitsOf(dimension)
    .map((unit) => unit.symbol)
    .join(', ');
}
