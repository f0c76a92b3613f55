/** Calls: secrets and distributions. */
import { nearest } from '../../contract/nearest.ts';
import type { Argument, Call, Value } from '../ast.ts';
import type { Report } from '../validation/report.ts';
import { isProblem, makeDistribution } from './distributions.ts';
import { FUNCTIONS } from './functions.ts';
import { applyTrailingUnit } from './trailing-unit.ts';
import { DIMENSION_NAMES, describeValue, isScalar, type EvaluatedValue } from './value.ts';

type Evaluate = (value: Value | undefined) => EvaluatedValue | undefined;

export function evaluateCall(node: Call, report: Report, evaluate: Evaluate): EvaluatedValue | undefined {
  const signature = FUNCTIONS[node.name]?.signature;
  if (signature === undefined) {
    const suggestion = nearest(node.name, Object.keys(FUNCTIONS));
    report('BENCH3006', { node, property: 'name' }, { name: node.name, suggestion });
    return undefined;
  }
  if (node.name === 'secret') {
    const name = node.arguments.length === 1 ? evaluate(node.arguments[0]?.value) : undefined;
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
  return evaluateDistribution(node, signature, report, evaluate);
}

function evaluateDistribution(
  node: Call,
  signature: string,
  report: Report,
  evaluate: Evaluate,
): EvaluatedValue | undefined {
  const given = node.arguments.map((argument) => ({
    argument,
    value: applyTrailingUnit(evaluate(argument.value), node, report, argument),
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
