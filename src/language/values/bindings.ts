/** `--set name=value`: values for params from outside, each of the kind of the param's default. */
import type { AstNode } from 'langium';
import { nearest } from '../../contract/nearest.ts';
import type { Param } from '../ast.ts';
import { silent, type Report } from '../validation/report.ts';
import { Environment, evaluate } from './evaluate.ts';
import type { ParseValue } from './parse-value.ts';
import { describeValue, showValue, tidy, type EvaluatedValue } from './value.ts';

export type Bindings = ReadonlyMap<string, EvaluatedValue>;

export function bindParams(
  set: Readonly<Record<string, string>>,
  params: readonly Param[],
  file: AstNode,
  parse: ParseValue,
  report: Report,
): Bindings {
  const bindings = new Map<string, EvaluatedValue>();
  const defaults = new Environment();
  for (const [name, text] of Object.entries(set)) {
    const param = params.find((each) => each.name === name);
    if (param === undefined) {
      const known = params.map((each) => each.name);
      report('BENCH2010', { node: file, range: FILE_START }, { name, suggestion: nearest(name, known) });
      continue;
    }
    const expected = defaults.valueOf(param);
    const value = readAs(expected, text, parse);
    if (value !== undefined) bindings.set(name, value);
    else
      report(
        'BENCH2011',
        { node: param, property: 'name' },
        { name, text, expected: expected === undefined ? 'something else' : describeValue(expected) },
      );
  }
  return bindings;
}

const FILE_START = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** Text stands for itself, without quotes; a bare number takes the unit of the default. */
function readAs(expected: EvaluatedValue | undefined, text: string, parse: ParseValue): EvaluatedValue | undefined {
  const parsed = parse(text);
  const value = parsed === undefined ? undefined : evaluate(parsed, new Environment(), silent);
  if (expected === undefined)
    return value?.kind === 'word' ? { kind: 'text', text } : (value ?? { kind: 'text', text });
  if (expected.kind === 'text') return value?.kind === 'text' ? value : { kind: 'text', text };
  if (expected.kind === 'quantity' && value?.kind === 'number' && expected.unit !== undefined)
    return { ...expected, value: tidy(value.value * expected.unit.factor) };
  if (value === undefined || !isSameKind(expected, value)) return undefined;
  return value;
}

/** May this value stand where a param's default is of that kind? */
export function isSameKind(expected: EvaluatedValue, value: EvaluatedValue): boolean {
  if (expected.kind === 'quantity')
    return (value.kind === 'quantity' || value.kind === 'distribution') && value.dimension === expected.dimension;
  if (expected.kind === 'distribution')
    return (value.kind === 'quantity' || value.kind === 'distribution') && value.dimension === expected.dimension;
  return value.kind === expected.kind;
}

/** Every param's value as shown text: those given, and the rest as their defaults come out. */
export function showParams(params: readonly Param[], environment: Environment): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const param of params) {
    const value = environment.valueOf(param);
    const text = value === undefined ? undefined : showValue(value);
    if (text !== undefined) shown[param.name] ??= text;
  }
  return shown;
}
