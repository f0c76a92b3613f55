/** `+ - * /` on numbers and quantities; what they mean follows from the dimensions. */
import type { Dimension } from '../../contract/units.ts';
import { tidy, type ScalarValue } from './value.ts';

export type Operator = '+' | '-' | '*' | '/';

/** `left × right = product` in base units, once multiplied by `factor`. Durations are in ms, rates per second: hence the thousandth. */
interface Product {
  readonly left: Dimension;
  readonly right: Dimension;
  readonly product: Dimension;
  readonly factor: number;
}

const PRODUCTS: readonly Product[] = [
  { left: 'rate', right: 'duration', product: 'requests', factor: 1 / 1000 },
  { left: 'throughput', right: 'duration', product: 'tokens', factor: 1 / 1000 },
  { left: 'bandwidth', right: 'duration', product: 'bytes', factor: 1 / 1000 },
  { left: 'power', right: 'duration', product: 'energy', factor: 1 / 1000 },
  { left: 'price-per-token', right: 'tokens', product: 'money', factor: 1 },
  { left: 'price-per-hour', right: 'duration', product: 'money', factor: 1 / 3_600_000 },
];

/** `undefined`: it makes no sense, e.g. seconds plus tokens. Division by zero is the caller's to check. */
export function calculate(left: ScalarValue, operator: Operator, right: ScalarValue): ScalarValue | undefined {
  const result = operator === '+' || operator === '-' ? add(left, operator, right) : multiply(left, operator, right);
  return result === undefined ? undefined : { ...result, value: tidy(result.value) };
}

function add(left: ScalarValue, operator: '+' | '-', right: ScalarValue): ScalarValue | undefined {
  const value = operator === '+' ? left.value + right.value : left.value - right.value;
  if (left.kind === 'number' && right.kind === 'number') return { kind: 'number', value };
  if (left.kind !== 'quantity' || right.kind !== 'quantity' || left.dimension !== right.dimension) return undefined;
  return { ...left, value };
}

function multiply(left: ScalarValue, operator: '*' | '/', right: ScalarValue): ScalarValue | undefined {
  const value = operator === '*' ? left.value * right.value : left.value / right.value;
  if (right.kind === 'number') return { ...left, value };
  if (left.kind === 'number') return operator === '*' ? { ...right, value } : undefined;
  if (operator === '/' && left.dimension === right.dimension) return { kind: 'number', value };
  // A share of something is something: `peak * 80 %`.
  if (operator === '*' && right.dimension === 'ratio') return { ...left, value };
  if (operator === '*' && left.dimension === 'ratio') return { ...right, value };
  return operator === '*'
    ? product(left.dimension, right.dimension, value)
    : quotient(left.dimension, right.dimension, value);
}

function product(left: Dimension, right: Dimension, value: number): ScalarValue | undefined {
  const found = PRODUCTS.find(
    (each) => (each.left === left && each.right === right) || (each.left === right && each.right === left),
  );
  return found === undefined ? undefined : { kind: 'quantity', dimension: found.product, value: value * found.factor };
}

function quotient(left: Dimension, right: Dimension, value: number): ScalarValue | undefined {
  for (const each of PRODUCTS) {
    if (each.product !== left) continue;
    if (each.left === right) return { kind: 'quantity', dimension: each.right, value: value / each.factor };
    if (each.right === right) return { kind: 'quantity', dimension: each.left, value: value / each.factor };
  }
  return undefined;
}
