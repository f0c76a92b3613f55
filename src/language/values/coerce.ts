/** Makes a computed value fit what a property takes, in base units, or says why it does not. */
import { AstUtils, URI, UriUtils, type AstNode } from 'langium';
import type { OptionType } from '../../contract/catalog/describe.ts';
import type { Distribution } from '../../contract/distribution.ts';
import { jsonPathProblem } from '../../contract/json-path.ts';
import { nearest } from '../../contract/nearest.ts';
import type { OptionValue } from '../../contract/plan.ts';
import { formatQuantity, unitsOf, type Dimension } from '../../contract/units.ts';
import type { List } from '../ast.ts';
import { pathOf } from '../file-system.ts';
import { silent, type Report } from '../validation/report.ts';
import { checkUrl } from './url.ts';
import { listed, paramNamesNear, unitWords } from './wording.ts';
import { DIMENSION_NAMES, describeValue, showScalar, type EvaluatedValue, type ScalarValue } from './value.ts';

/** `undefined`: it does not fit, and the reason has been reported. */
export function coerce(
  value: EvaluatedValue | undefined,
  type: OptionType,
  node: AstNode,
  report: Report,
): OptionValue | undefined {
  if (value === undefined) return undefined;
  switch (type.kind) {
    case 'quantity':
      return withinBounds(coerceQuantity(value, type.dimension, node, report), type, node, report, type.dimension);
    case 'integer':
      return withinBounds(coerceInteger(value, node, report), type, node, report);
    case 'number':
      return value.kind === 'number'
        ? withinBounds(value.value, type, node, report)
        : mismatch(value, 'a number', node, report);
    case 'text':
      if (value.kind === 'text') return value.text;
      return value.kind === 'labelled' && value.label === type.label
        ? value.text
        : mismatch(value, 'a text in quotes', node, report);
    case 'url':
      return value.kind === 'text'
        ? checkUrl(value.text, node, report)
        : mismatch(value, 'an address in quotes', node, report);
    case 'jsonpath':
      return value.kind === 'text'
        ? checkJsonPath(value.text, node, report)
        : mismatch(value, 'a field name or JSONPath in quotes', node, report);
    case 'file':
      return value.kind === 'text'
        ? resolveFile(value.text, node)
        : mismatch(value, 'a file name in quotes', node, report);
    case 'flag': {
      const word = coerceWord(value, ['on', 'off'], node, report);
      return word === undefined ? undefined : word === 'on';
    }
    case 'choice':
      return coerceWord(value, Object.keys(type.choices), node, report);
    case 'distribution':
      return coerceDistribution(value, type.dimension, node, report);
    case 'range':
      return coerceRange(value, type.dimension, node, report);
    case 'list': {
      const items = value.kind === 'list' ? value.items : [value];
      const places = node.$type === 'List' ? (node as List).items : [];
      const fitting = items.map((item, index) => coerce(item, type.of, places[index] ?? node, report));
      return fitting.every((item) => item !== undefined) ? fitting : undefined;
    }
    case 'any-of':
      return coerceAnyOf(value, type.of, node, report);
  }
}

function checkJsonPath(path: string, node: AstNode, report: Report): string | undefined {
  const problem = jsonPathProblem(path);
  if (problem === undefined) return path;
  report('BENCH4013', { node }, { path, problem });
  return undefined;
}

/** A quantity of this dimension as a plain number in its base unit. */
export function coerceQuantity(
  value: EvaluatedValue,
  dimension: Dimension,
  node: AstNode,
  report: Report,
): number | undefined {
  if (value.kind === 'quantity' && value.dimension === dimension) return value.value;
  if (value.kind === 'number') return missingUnit(value, dimension, node, report);
  return mismatch(value, DIMENSION_NAMES[dimension], node, report);
}

/** Zero of anything is zero; `count` has no unit. */
function missingUnit(value: ScalarValue, dimension: Dimension, node: AstNode, report: Report): number | undefined {
  if (value.value === 0 || dimension === 'count') return value.value;
  const unit = likelyUnit(dimension);
  report(
    'BENCH3003',
    { node },
    { expected: DIMENSION_NAMES[dimension], units: unitWords(dimension), number: showScalar(value), unit },
  );
  return undefined;
}

function likelyUnit(dimension: Dimension): string {
  const usual: Partial<Record<Dimension, string>> = {
    duration: 's',
    bytes: 'GiB',
    bandwidth: 'MB/s',
    'price-per-token': 'usd/Mtok',
  };
  return usual[dimension] ?? unitsOf(dimension)[0]?.symbol ?? '';
}

function coerceInteger(value: EvaluatedValue, node: AstNode, report: Report): number | undefined {
  if (value.kind !== 'number') return mismatch(value, 'a whole number', node, report);
  if (Number.isSafeInteger(value.value)) return value.value;
  report('BENCH3002', { node }, { expected: 'a whole number', actual: describeValue(value) });
  return undefined;
}

function coerceWord(
  value: EvaluatedValue,
  words: readonly string[],
  node: AstNode,
  report: Report,
): string | undefined {
  const written = value.kind === 'word' ? value.word : value.kind === 'text' ? value.text : undefined;
  if (value.kind === 'word' && words.includes(value.word)) return value.word;
  if (written === undefined) return mismatch(value, `one of ${listed(words)}`, node, report);
  const suggestion =
    SYNONYMS[written] !== undefined && words.includes('on') ? SYNONYMS[written] : nearest(written, words);
  report('BENCH3010', { node }, { name: written, choices: listed(words), suggestion });
  return undefined;
}

const SYNONYMS: Readonly<Record<string, string>> = { true: 'on', yes: 'on', false: 'off', no: 'off' };

function coerceDistribution(
  value: EvaluatedValue,
  dimension: Dimension,
  node: AstNode,
  report: Report,
): (Distribution & { readonly [key: string]: OptionValue }) | undefined {
  if (value.kind === 'distribution') {
    if (value.dimension === dimension) return { ...value.distribution };
    const text = 'the distribution';
    if (value.dimension === undefined)
      report(
        'BENCH3003',
        { node },
        {
          expected: DIMENSION_NAMES[dimension],
          units: unitWords(dimension),
          number: '…)',
          unit: likelyUnit(dimension),
        },
      );
    else report('BENCH3002', { node }, { expected: DIMENSION_NAMES[dimension], actual: `${text} of another kind` });
    return undefined;
  }
  const constant = coerceQuantity(value, dimension, node, report);
  if (constant === undefined) return undefined;
  return { kind: 'constant', value: constant };
}

function coerceRange(
  value: EvaluatedValue,
  dimension: Dimension,
  node: AstNode,
  report: Report,
): { readonly min: number; readonly max: number } | undefined {
  const [from, to] = value.kind === 'range' ? [value.from, value.to] : [value, value];
  const min = coerceQuantity(from, dimension, node, report);
  const max = to === from ? min : coerceQuantity(to, dimension, node, report);
  if (min === undefined || max === undefined) return undefined;
  if (min <= max) return { min, max };
  report('BENCH3009', { node }, { from: formatQuantity(min, dimension), to: formatQuantity(max, dimension) });
  return undefined;
}

function coerceAnyOf(
  value: EvaluatedValue,
  types: readonly OptionType[],
  node: AstNode,
  report: Report,
): OptionValue | undefined {
  for (const type of types) {
    const fitting = coerce(value, type, node, silent);
    if (fitting !== undefined) return fitting;
  }
  const [likely] = types.filter((type) => isLikely(value, type));
  if (likely !== undefined) return coerce(value, likely, node, report);
  return mismatch(value, types.map(describeType).join(' or '), node, report);
}

function isLikely(value: EvaluatedValue, type: OptionType): boolean {
  if (value.kind === 'word') return type.kind === 'choice' || type.kind === 'flag';
  if (value.kind === 'number') return type.kind === 'integer' || type.kind === 'number';
  return false;
}

/** What a property takes, in a few words. */
export function describeType(type: OptionType): string {
  switch (type.kind) {
    case 'quantity':
      return DIMENSION_NAMES[type.dimension];
    case 'distribution':
      return `${DIMENSION_NAMES[type.dimension]} or a distribution`;
    case 'range':
      return `a range (${DIMENSION_NAMES[type.dimension]})`;
    case 'integer':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'text':
      return 'a text in quotes';
    case 'url':
      return 'an address in quotes';
    case 'jsonpath':
      return 'a field name or JSONPath in quotes';
    case 'file':
      return 'a file name in quotes';
    case 'flag':
      return '`on` or `off`';
    case 'choice':
      return `one of ${listed(Object.keys(type.choices))}`;
    case 'list':
      return `${describeType(type.of)} or a list of them`;
    case 'any-of':
      return type.of.map(describeType).join(' or ');
  }
}

/** A file name beside the file it is written in, as an absolute path; as a URI beside a file that lies elsewhere. */
export function resolveFile(path: string, node: AstNode): string {
  const { uri } = AstUtils.getDocument(node);
  // Text that is not saved yet lies nowhere.
  const base = uri.scheme === 'untitled' ? URI.file('/') : uri;
  return pathOf(UriUtils.resolvePath(UriUtils.dirname(base), path.replaceAll('\\', '/')));
}

function withinBounds(
  value: number | undefined,
  bounds: { readonly min?: number; readonly max?: number },
  node: AstNode,
  report: Report,
  dimension: Dimension = 'count',
): number | undefined {
  if (value === undefined) return undefined;
  const { min = -Infinity, max = Infinity } = bounds;
  if (value >= min && value <= max) return value;
  const show = (number: number): string => formatQuantity(number, dimension);
  const bound = value < min ? `at least ${show(min)}` : `at most ${show(max)}`;
  report('BENCH3004', { node }, { value: show(value), bound });
  return undefined;
}

/** A word where a value was expected is most often a param that does not exist. */
export function mismatch(value: EvaluatedValue, expected: string, node: AstNode, report: Report): undefined {
  if (value.kind === 'word') {
    const suggestion = nearest(value.word, paramNamesNear(node));
    report('BENCH3011', { node }, { name: value.word, expected, suggestion });
  } else {
    report('BENCH3002', { node }, { expected, actual: describeValue(value) });
  }
  return undefined;
}
