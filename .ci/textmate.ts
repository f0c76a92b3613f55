/**
 * The TextMate grammar, which colours a file before the language server has answered, as far as it can be told from the text as the server will
 * (src/language/lsp/semantic-tokens.ts): then nothing changes its colour. Its shape is written here by hand; its words come from
 * the tables of units, metrics, blocks and catalogs, so that they are never written twice.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { BACKENDS } from '../src/contract/catalog/backends.ts';
import { BLOCKS, DISTRIBUTIONS, type BlockItem } from '../src/contract/catalog/blocks.ts';
import { DATASETS } from '../src/contract/catalog/datasets.ts';
import type { OptionType } from '../src/contract/catalog/describe.ts';
import { MONITORS } from '../src/contract/catalog/monitors.ts';
import { METRICS, STATISTICS } from '../src/contract/metrics.ts';
import { UNITS } from '../src/contract/units.ts';
import { projectRoot } from './project.ts';

interface Rule {
  readonly name?: string;
  readonly contentName?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly patterns?: readonly Rule[];
  readonly include?: string;
}
type Captures = Readonly<Record<string, { readonly name: string } | { readonly patterns: readonly Rule[] }>>;

const NAME = '[A-Za-z_][\\w]*(?:-\\w+)*';
const DECLARATIONS = ['backend', 'dataset', 'load', 'monitor'];
/** What can be run: its name has the colour of a function. */
const RUNNABLE = ['benchmark', 'sweep', 'search', 'compare', 'profile', 'estimate'];
/** What stands after these is the name of a declaration. */
const SLOTS = ['on', 'send', 'load', 'expect', 'watch'];
/** Words of the grammar that order a block, in the order of the blocks. */
const KEYWORDS = [
  ...['from', 'keep', 'images', 'mix', 'protocol', 'launch', 'ready', 'stop', 'within', 'alert'],
  ...['warmup', 'in-flight', 'at', 'most', 'abandon', 'after'],
  ...['rate', 'users', 'replay', 'speed', 'step', 'every', 'each', 'over', 'for', 'spike', 'sine', 'period', 'think'],
  ...['on', 'send', 'load', 'expect', 'watch', 'budget', 'report', 'into'],
  ...['vary', 'in', 'of', 'choose', 'per', 'meeting', 'find', 'baseline', 'candidate'],
  ...['where', 'and', 'regression', 'against'],
];
/** Words that stand for a value. They have the scope of enum members: VS Code's own themes leave `support.constant` without a colour. */
const PROCESSES = ['constant', 'poisson', 'gamma'];

export function makeTextMateGrammar(): object {
  return {
    $schema: 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json',
    name: 'Benchwright',
    scopeName: 'source.bench',
    fileTypes: ['bench'],
    patterns: [
      include('comments'),
      include('import'),
      include('sla'),
      include('declaration'),
      include('runnable'),
      include('param'),
      include('stage'),
      include('inline-sla'),
      include('source'),
      include('flag'),
      include('slot'),
      include('values'),
      include('words'),
    ],
    repository: {
      comments: { patterns: comments() },
      import: {
        match: word('import'),
        name: 'keyword.control.import.bench',
      },
      declaration: {
        match: `^(${DECLARATIONS.join('|')})\\s+(${NAME})(?:\\s+(extends)\\s+(${NAME}))?(?=\\s*(?:\\{|$|/[/*]))`,
        captures: named(
          'storage.type.declaration.bench',
          'entity.name.type.bench',
          'storage.modifier.bench',
          'entity.other.inherited-class.bench',
        ),
      },
      runnable: {
        match: `^(${RUNNABLE.join('|')})\\s+(${NAME})(?:\\s+(extends|of)\\s+(${NAME}))?(?=\\s*(?:\\{|$|/[/*]))`,
        captures: named(
          'storage.type.declaration.bench',
          'entity.name.function.bench',
          'storage.modifier.bench',
          'entity.name.function.bench',
        ),
      },
      param: {
        match: `^(param)\\s+(${NAME})`,
        captures: named('storage.type.declaration.bench', 'variable.other.constant.bench'),
      },
      stage: {
        match: `(?<![\\w-])(stage)\\s+(${NAME})(?=\\s*\\{)`,
        captures: named('storage.type.stage.bench', 'variable.other.event.stage.bench'),
      },
      sla: {
        begin: `^(sla)\\s+(${NAME})(?:\\s+(extends)\\s+(${NAME}))?\\s*(\\{)`,
        beginCaptures: named(
          'storage.type.declaration.bench',
          'entity.name.type.bench',
          'storage.modifier.bench',
          'entity.other.inherited-class.bench',
          'punctuation.section.block.begin.bench',
        ),
        end: '\\}',
        endCaptures: { 0: { name: 'punctuation.section.block.end.bench' } },
        patterns: [include('limits')],
      },
      'inline-sla': {
        begin: '(?<![\\w-])(expect)\\s*(\\{)',
        beginCaptures: named('keyword.control.bench', 'punctuation.section.block.begin.bench'),
        end: '\\}',
        endCaptures: { 0: { name: 'punctuation.section.block.end.bench' } },
        patterns: [include('limits')],
      },
      limits: { patterns: limits() },
      source: {
        match: `(?<![\\w-])(protocol|from)\\s+(${NAME}(?:\\.${NAME})*)`,
        captures: named('keyword.control.bench', 'variable.other.enummember.bench'),
      },
      flag: {
        match: `(?<![\\w-])(${alternatives(flagNames())})\\s+(on|off)(?![\\w-])`,
        captures: named('variable.other.property.bench', 'constant.language.bench'),
      },
      slot: {
        match: `(?<![\\w-])(${SLOTS.join('|')})\\s+(${NAME}(?:\\s*,\\s*${NAME})*)`,
        captures: {
          1: { name: 'keyword.control.bench' },
          2: {
            patterns: [
              { match: anyWord(KEYWORDS), name: 'keyword.control.bench' },
              { match: NAME, name: 'entity.name.type.bench' },
              { match: ',', name: 'punctuation.separator.bench' },
            ],
          },
        },
      },
      values: { patterns: values() },
      words: { patterns: words() },
      strings: { patterns: strings() },
    },
  };
}

function comments(): Rule[] {
  return [
    { match: '///(?!/).*$', name: 'comment.line.documentation.bench' },
    { match: '//.*$', name: 'comment.line.double-slash.bench' },
    { begin: '/\\*\\*(?![*/])', end: '\\*/', name: 'comment.block.documentation.bench' },
    { begin: '/\\*', end: '\\*/', name: 'comment.block.bench' },
  ];
}

function limits(): Rule[] {
  const statistics = [...STATISTICS.filter((each) => !each.startsWith('p')), 'median'];
  return [
    include('comments'),
    { match: anyWord(['where', 'and', 'regression', 'against', 'per']), name: 'keyword.control.bench' },
    {
      match: `(?<![\\w.-])(?:${alternatives(METRICS.map(({ id }) => id))})(?![\\w.-])`,
      name: 'support.variable.metric.bench',
    },
    {
      match: `(?<![\\w-])(${NAME})(\\.)(${NAME})`,
      captures: named('variable.other.object.bench', 'punctuation.accessor.bench', 'support.variable.metric.bench'),
    },
    {
      match: `(?<![\\w-])(?:p\\d+(?:\\.\\d+)?|${alternatives(statistics)})(?![\\w-])`,
      name: 'variable.other.enummember.statistic.bench',
    },
    include('values'),
  ];
}

function values(): Rule[] {
  const number = '\\d[\\d_]*(?:\\.\\d[\\d_]*)?(?:[eE][+-]?\\d+)?';
  const units = alternatives(UNITS.map(({ symbol }) => symbol).filter((symbol) => symbol !== '%'));
  const unit = `%|(?:${units})(?![\\wµ°/]|-\\w)(?![ \\t]+["\\d])`;
  return [
    include('strings'),
    { match: '\\d+\\s*x\\s*\\d+(?!\\w)', name: 'constant.numeric.size.bench' },
    {
      match: `(?<![\\w.-])(${number})[ \\t]*(${unit})`,
      captures: named('constant.numeric.bench', 'keyword.other.unit.bench'),
    },
    { match: `(?<![\\w-])${number}`, name: 'constant.numeric.bench' },
    { match: `([)\\]])[ \\t]*(${unit})`, captures: named('punctuation.section.bench', 'keyword.other.unit.bench') },
    {
      match: `(?<![\\w-])(?:${alternatives([...Object.keys(DISTRIBUTIONS), 'secret', 'json'])})(?=\\s*\\()`,
      name: 'support.function.bench',
    },
    { match: '->|\\.\\.', name: 'keyword.operator.range.bench' },
    { match: '[<>]=?', name: 'keyword.operator.comparison.bench' },
    { match: '(?<=\\s)[-+*/](?=\\s)', name: 'keyword.operator.arithmetic.bench' },
    { match: '=', name: 'keyword.operator.assignment.bench' },
    { match: ',', name: 'punctuation.separator.bench' },
  ];
}

function words(): Rule[] {
  return [
    { match: anyWord(PROCESSES), name: 'variable.other.enummember.bench' },
    {
      match: '(?<![\\w-])(choose|find)\\s+(max|min)(?![\\w-])',
      captures: named('keyword.control.bench', 'variable.other.enummember.bench'),
    },
    { match: anyWord(KEYWORDS), name: 'keyword.control.bench' },
    {
      // What stands right after a property's name is its value, even where another property is called so: `model model`.
      match: `${word(`(${alternatives(propertyNames())})`)}[ \\t]+(?!${anyWord(KEYWORDS)})(${NAME})(?![\\w-]|\\s*\\()`,
      captures: {
        1: { name: 'variable.other.property.bench' },
        2: {
          patterns: [
            { match: anyWord(choiceWords()), name: 'variable.other.enummember.bench' },
            { match: NAME, name: 'variable.other.bench' },
          ],
        },
      },
    },
    { match: `${anyWord(propertyNames())}(?=\\s|$)`, name: 'variable.other.property.bench' },
    { match: anyWord(choiceWords()), name: 'variable.other.enummember.bench' },
    { match: anyWord(METRICS.map(({ id }) => id)), name: 'support.variable.metric.bench' },
    { match: `(?<![\\w-])${NAME}(?![\\w-])`, name: 'variable.other.bench' },
  ];
}

function strings(): Rule[] {
  const interpolation: Rule = {
    begin: '\\$\\{',
    beginCaptures: { 0: { name: 'punctuation.definition.template-expression.begin.bench' } },
    end: '\\}',
    endCaptures: { 0: { name: 'punctuation.definition.template-expression.end.bench' } },
    name: 'meta.template.expression.bench',
    patterns: [include('values'), { match: NAME, name: 'variable.other.bench' }],
  };
  return [
    {
      begin: '"""',
      end: '"""',
      name: 'string.quoted.triple.bench',
      patterns: [{ match: '\\\\\\$\\{', name: 'constant.character.escape.bench' }, interpolation],
    },
    {
      begin: '"',
      end: '"|$',
      name: 'string.quoted.double.bench',
      patterns: [{ match: '\\\\.', name: 'constant.character.escape.bench' }, interpolation],
    },
  ];
}

/** Names that stand before a value: of blocks and of all plug-ins' options. */
function propertyNames(): string[] {
  const blocks = Object.entries(BLOCKS).filter(([kind]) => kind !== 'file' && kind !== 'stage');
  const names = [
    ...blocks.flatMap(([, items]) => Object.keys(items)),
    ...[...BACKENDS, ...DATASETS, ...MONITORS].flatMap(({ options }) => Object.keys(options)),
  ];
  return [...new Set(names)].filter((name) => !KEYWORDS.includes(name) && name !== 'stage');
}

/** Properties that are `on` or `off`: elsewhere `on` begins a slot. */
function flagNames(): string[] {
  const blocks = Object.values(BLOCKS).flatMap((items) => Object.entries(items));
  const options = [...BACKENDS, ...DATASETS, ...MONITORS].flatMap((entry) => Object.entries(entry.options));
  return [
    ...blocks.filter(([, { takes }]) => takes?.kind === 'flag').map(([name]) => name),
    ...options.filter(([, { type }]) => type.kind === 'flag').map(([name]) => name),
  ];
}

/** Words that properties take: `queue`, `torch`, `all`. */
function choiceWords(): string[] {
  const types = [
    ...Object.values(BLOCKS).flatMap((items) => Object.values(items).flatMap(({ takes }: BlockItem) => takes ?? [])),
    ...[...BACKENDS, ...DATASETS, ...MONITORS].flatMap(({ options }) => Object.values(options).map(({ type }) => type)),
  ];
  const known = new Set([...KEYWORDS, ...propertyNames()]);
  return [...new Set(types.flatMap(wordsOf))].filter((each) => !known.has(each));
}

function wordsOf(type: NonNullable<BlockItem['takes']>): string[] {
  if (type.kind === 'choice') return Object.keys(type.choices);
  return type.kind === 'any-of' ? type.of.flatMap((each: OptionType) => wordsOf(each)) : [];
}

function include(name: string): Rule {
  return { include: `#${name}` };
}

function named(...names: string[]): Captures {
  return Object.fromEntries(names.map((name, index) => [String(index + 1), { name }]));
}

function word(text: string): string {
  return `(?<![\\w-])${text}(?![\\w-])`;
}

function anyWord(texts: readonly string[]): string {
  return word(`(?:${alternatives(texts)})`);
}

/** Longest first, so that no word hides a longer one. */
function alternatives(texts: readonly string[]): string {
  return [...new Set(texts)]
    .sort((left, right) => right.length - left.length || left.localeCompare(right))
    .map((text) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join('|');
}

export const textMatePath = path.join(projectRoot, 'syntaxes', 'bench.tmLanguage.json');

export function textMateText(): string {
  return `${JSON.stringify(makeTextMateGrammar(), undefined, 2)}\n`;
}

if (import.meta.main) writeFileSync(textMatePath, textMateText());
