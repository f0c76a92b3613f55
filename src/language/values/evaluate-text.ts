/** Texts with `${…}` in them: each part becomes text now, or stays for the run to fill in. */
import { nearest } from '../../contract/nearest.ts';
import type { Expression, Template, Value } from '../ast.ts';
import { dedent } from '../parser/value-converter.ts';
import type { Report } from '../validation/report.ts';
import { describeValue, showValue, type EvaluatedValue } from './value.ts';
import { capitalised, listed, paramNamesNear } from './wording.ts';

/** Longest text a template may make: params that double each other would otherwise fill the memory. */
export const MAXIMUM_TEXT = 1_000_000;

/** Names that a template may leave for the run to fill in, with what they mean. */
export type Placeholders = Readonly<Record<string, string>>;

type Evaluate = (value: Value | undefined) => EvaluatedValue | undefined;

export function evaluateTemplate(
  node: Template,
  evaluate: Evaluate,
  report: Report,
  placeholders: Placeholders | undefined,
): EvaluatedValue | undefined {
  const isBlock = node.$cstNode?.text.startsWith('"""') === true;
  const texts = isBlock ? dedent(node.texts) : node.texts;
  const values = node.values.map((value) => evaluateInText(value, evaluate, report, placeholders));
  if (values.includes(undefined)) return undefined;
  const text = texts.map((part, index) => part + (values[index] ?? '')).join('');
  if (text.length <= MAXIMUM_TEXT) return { kind: 'text', text };
  report('BENCH3013', { node }, { what: `A text of more than ${MAXIMUM_TEXT} characters` });
  return undefined;
}

/** A placeholder stays as written, for the run to fill in; everything else becomes text now. */
function evaluateInText(
  node: Expression,
  evaluate: Evaluate,
  report: Report,
  placeholders: Placeholders | undefined,
): string | undefined {
  if (node.$type === 'Call' && node.name === 'json') {
    const argument = node.arguments[0]?.value;
    const inner = argument === undefined ? undefined : evaluateInTextArgument(argument, evaluate, report, placeholders);
    if (argument === undefined || node.arguments.length !== 1)
      report('BENCH3007', { node }, { signature: 'json(name)', problem: '`json` takes one argument.' });
    return inner === undefined
      ? undefined
      : inner.isPlaceholder
        ? `\${json(${inner.text})}`
        : JSON.stringify(inner.text);
  }
  const result = evaluateInTextArgument(node, evaluate, report, placeholders);
  return result?.isPlaceholder === true ? `\${${result.text}}` : result?.text;
}

function evaluateInTextArgument(
  node: Value,
  evaluate: Evaluate,
  report: Report,
  placeholders: Placeholders | undefined,
): { text: string; isPlaceholder: boolean } | undefined {
  const value = evaluate(node);
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
