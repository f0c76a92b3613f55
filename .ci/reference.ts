/** docs/reference, from the tables that completion, hover and the checks read: nothing in it is written twice. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as prettier from 'prettier';
import { BACKENDS } from '../src/contract/catalog/backends.ts';
import { BLOCKS, DISTRIBUTIONS, type BlockItem, type BlockKind } from '../src/contract/catalog/blocks.ts';
import { DATASETS } from '../src/contract/catalog/datasets.ts';
import type { CatalogEntry } from '../src/contract/catalog/describe.ts';
import { MONITORS } from '../src/contract/catalog/monitors.ts';
import { REPORTS } from '../src/contract/catalog/reports.ts';
import { METRICS, STATISTICS, type Metric, type MetricScope } from '../src/contract/metrics.ts';
import { BASE_UNIT_LABEL, formatQuantity, UNITS, unitsOf, type Dimension } from '../src/contract/units.ts';
import { DIAGNOSTICS } from '../src/language/validation/diagnostics.ts';
import { projectRoot } from './project.ts';
import { syntaxDiagrams, syntaxPage } from './syntax-diagrams.ts';

const NOTE =
  '<!-- Made by `npm run generate`; what it says stands in the tables under src/contract and src/language. -->';
const NOT_YET = ' _Not available yet: it compiles, and a run refuses it by name._';

/** Path under the project → text. */
export async function referenceFiles(): Promise<ReadonlyMap<string, string>> {
  const pages: Readonly<Record<string, string>> = {
    'docs/reference/README.md': overview(),
    'docs/reference/language.md': languagePage(),
    'docs/reference/backends.md': catalogPage('Backends', 'What `protocol` may name.', BACKENDS, backendFacts),
    'docs/reference/datasets.md': catalogPage('Datasets', 'What `from` may name in a dataset.', DATASETS, datasetFacts),
    'docs/reference/monitors.md': catalogPage('Monitors', 'What `from` may name in a monitor.', MONITORS, monitorFacts),
    'docs/reference/reports.md': catalogPage('Reports', 'What `report` may name.', REPORTS, ({ file }) => [
      `Written as \`${file}\`.`,
    ]),
    'docs/reference/metrics.md': metricsPage(),
    'docs/reference/units.md': unitsPage(),
    'docs/reference/syntax.md': syntaxPage(NOTE),
    'docs/diagnostics/README.md': diagnosticsPage(),
  };
  const config = await prettier.resolveConfig(path.join(projectRoot, 'docs', 'x.md'));
  const formatted = Object.entries(pages).map(
    async ([file, text]) => [file, await prettier.format(text, { ...config, parser: 'markdown' })] as const,
  );
  const diagrams = [...syntaxDiagrams()].map(([name, svg]) => [`docs/reference/syntax/${name}.svg`, svg] as const);
  return new Map([...(await Promise.all(formatted)), ...diagrams]);
}

export async function writeReference(): Promise<void> {
  const files = await referenceFiles();
  await rm(path.join(projectRoot, 'docs', 'reference'), { recursive: true, force: true });
  await mkdir(path.join(projectRoot, 'docs', 'reference', 'syntax'), { recursive: true });
  await Promise.all([...files].map(([file, text]) => writeFile(path.join(projectRoot, file), text)));
}

/** Files whose text is another, that are missing, or that nothing makes any more. */
export async function staleReference(): Promise<string[]> {
  const files = await referenceFiles();
  const textOf = (file: string): string | undefined => {
    try {
      return readFileSync(path.join(projectRoot, file), 'utf8');
    } catch {
      return undefined;
    }
  };
  const present = readdirSync(path.join(projectRoot, 'docs', 'reference'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(projectRoot, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  return [
    ...[...files].filter(([file, text]) => textOf(file) !== text).map(([file]) => file),
    ...present.filter((file) => !files.has(file)),
  ];
}

function overview(): string {
  return `# Reference
${NOTE}

- [Language](language.md): every declaration, what may stand in it, with types, defaults and examples
- [Backends](backends.md), [datasets](datasets.md), [monitors](monitors.md), [reports](reports.md): what can be named, and their options
- [Metrics](metrics.md) and their statistics, [units](units.md)
- [Syntax](syntax.md), as diagrams
- [Diagnostics](../diagnostics/README.md)

What it all means: [the language](../language/README.md), [load](../load-model.md), [numbers](../metrics.md). To begin:
[getting started](../getting-started.md), [tutorial](../tutorial.md).
`;
}

function languagePage(): string {
  const declarations = Object.entries(BLOCKS.file);
  const blocks = (Object.keys(BLOCKS) as BlockKind[]).filter((kind) => kind !== 'file');
  return `# Language
${NOTE}

## A file

${table(
  ['word', 'declares'],
  declarations.map(([word, item]) => [inline(word, word), item.doc]),
)}

${declarations
  .filter(([, { snippet }]) => snippet !== undefined)
  .map(([word, item]) => `\`${word}\`, with what is usual in it:\n\n${fenced(exampleOf(word, item))}`)
  .join('\n\n')}

${blocks.map(blockSection).join('\n\n')}

## Distributions

${table(
  ['written', 'meaning'],
  Object.values(DISTRIBUTIONS).map(({ signature, doc }) => [code(signature), doc]),
)}
`;
}

/** A word that has a section of its own leads there. */
function inline(word: string, block: string): string {
  return block in BLOCKS && block !== 'file' ? `[\`${word}\`](#${block})` : code(word);
}

function blockSection(kind: BlockKind): string {
  const items = Object.entries(BLOCKS[kind]);
  const places = (Object.entries(BLOCKS) as [BlockKind, Readonly<Record<string, BlockItem>>][])
    .filter(([, inside]) => Object.values(inside).some(({ takes }) => takes?.kind === 'block' && takes.block === kind))
    .map(([place]) => `[\`${place}\`](#${place})`);
  const more: Partial<Record<BlockKind, string>> = {
    backend: 'Options of one protocol: [backends](backends.md).',
    dataset: 'Options of one source: [datasets](datasets.md).',
    monitor: 'Options and series of one source: [monitors](monitors.md).',
    sla: 'Limits: `METRIC STATISTIC < QUANTITY`. [Metrics](metrics.md).',
  };
  return `## ${kind}

${[BLOCKS.file[kind]?.doc, places.length > 0 ? `Stands in ${places.join(', ')}.` : undefined, more[kind]].filter(Boolean).join(' ')}

${
  items.length === 0
    ? ''
    : table(
        ['word', 'takes', 'default', 'meaning', 'example'],
        items.map(([word, item]) => [
          code(word),
          takesText(item),
          item.defaultText === undefined ? '' : code(item.defaultText),
          item.doc,
          code(exampleOf(word, item).replace(/\s*\n\s*/g, '  ')),
        ]),
      )
}`;
}

function takesText({ takes, then }: BlockItem): string {
  const words = then === undefined ? '' : `, then ${then.map(code).join(', ')}`;
  return `${takes === undefined ? '' : typeText(takes)}${words}`;
}

function typeText(type: NonNullable<BlockItem['takes']>): string {
  switch (type.kind) {
    case 'name-of':
      return `a [${type.declaration}](#${type.declaration}), by name or in place`;
    case 'id-of':
      return `one of the [${type.catalog}](${type.catalog}.md)`;
    case 'block':
      return `a [block](#${type.block})`;
    case 'secret':
      return '`secret("NAME")`';
    case 'quantity':
      return `${dimensionText(type.dimension)}${boundsText(type, type.dimension)}`;
    case 'distribution':
      return `${dimensionText(type.dimension)} or a [distribution](language.md#distributions)`;
    case 'range':
      return `a range of ${dimensionText(type.dimension)}`;
    case 'integer':
      return `a whole number${boundsText(type)}`;
    case 'number':
      return `a number${boundsText(type)}`;
    case 'text':
      return `${type.label === undefined ? '' : `${code(type.label)} and `}a text`;
    case 'url':
      return 'an address';
    case 'flag':
      return '`on` or `off`';
    case 'choice':
      return Object.entries(type.choices)
        .map(([word, doc]) => `${code(word)}${doc === '' ? '' : `: ${doc}`}`)
        .join('; ');
    case 'file':
      return `a file (${type.extensions.map((each) => code(`.${each}`)).join(', ') || 'any'}${type.glob === true ? '; `*` matches many' : ''})`;
    case 'jsonpath':
      return 'a field name or JSONPath';
    case 'list':
      return `a list of ${typeText(type.of)}`;
    case 'any-of':
      return type.of.map((each) => typeText(each)).join(', or ');
  }
}

function dimensionText(dimension: Dimension): string {
  const unit = BASE_UNIT_LABEL[dimension];
  return `[${dimension.replaceAll('-', ' ')}](units.md#${dimension})${unit === '' ? '' : ` (\`${unit}\` …)`}`;
}

function boundsText(
  { min, max }: { readonly min?: number; readonly max?: number },
  dimension: Dimension = 'count',
): string {
  const show = (value: number): string => formatQuantity(value, dimension);
  if (min !== undefined && max !== undefined) return `, ${show(min)} to ${show(max)}`;
  if (min !== undefined) return `, at least ${show(min)}`;
  return max === undefined ? '' : `, at most ${show(max)}`;
}

/** An editor's snippet with its proposals in it, or the word with a value that fits. */
function exampleOf(word: string, { snippet, takes, defaultText }: BlockItem): string {
  if (snippet === undefined) return [word, defaultText ?? (takes === undefined ? '' : sample(takes))].join(' ').trim();
  return snippet
    .replaceAll(/\$\{\d+:([^}]*)\}/g, '$1')
    .replaceAll(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1')
    .replaceAll(/\$\d+/g, '…');
}

const SAMPLES: Readonly<Partial<Record<Dimension, string>>> = {
  duration: '10 s',
  rate: '10 rps',
  tokens: '512 tokens',
  requests: '100 requests',
  bytes: '1 MiB',
  ratio: '10 %',
  money: '5 usd',
  count: '10',
};

function sample(type: NonNullable<BlockItem['takes']>): string {
  switch (type.kind) {
    case 'quantity':
    case 'distribution':
      return SAMPLES[type.dimension] ?? `1 ${unitsOf(type.dimension)[0]?.symbol ?? ''}`;
    case 'range':
      return `1 .. ${SAMPLES[type.dimension] ?? ''}`;
    case 'integer':
    case 'number':
      return String(type.min ?? type.max ?? 1);
    case 'text':
      return `${type.label === undefined ? '' : `${type.label} `}"…"`;
    case 'url':
      return '"http://127.0.0.1:8000"';
    case 'flag':
      return 'on';
    case 'choice':
      return Object.keys(type.choices)[0] ?? '';
    case 'file':
      return `"./file.${type.extensions[0] ?? 'txt'}"`;
    case 'jsonpath':
      return '"$.prompt"';
    case 'list':
      return `[${sample(type.of)}]`;
    case 'any-of':
      return type.of[0] === undefined ? '' : sample(type.of[0]);
    case 'name-of':
      return `my-${type.declaration}`;
    case 'id-of':
      return (
        { backends: BACKENDS, datasets: DATASETS, monitors: MONITORS, reports: REPORTS }[type.catalog][0]?.id ?? ''
      );
    case 'block':
      return '{ … }';
    case 'secret':
      return 'secret("NAME")';
  }
}

function catalogPage<Entry extends CatalogEntry>(
  title: string,
  what: string,
  entries: readonly Entry[],
  facts: (entry: Entry) => readonly string[],
): string {
  const section = (entry: Entry): string => {
    const options = Object.entries(entry.options).map(
      ([name, { type, doc, defaultText, required, unavailable, onlyWith }]) => [
        code(name),
        typeText(type),
        defaultText === undefined ? (required === true ? '**required**' : '') : code(defaultText),
        `${doc}${onlyWith === undefined ? '' : ` Only with ${onlyWith.anyOf.map(code).join(' or ')}${onlyWith.value === undefined ? '' : ` ${code(onlyWith.value)}`}.`}${unavailable === true ? NOT_YET : ''}`,
        code(`${name} ${defaultText ?? sample(type)}`),
      ],
    );
    return `## ${entry.id}\n\n${entry.doc}${entry.unavailable === true ? NOT_YET : ''}\n\n${facts(entry).join('\n\n')}\n\n${
      options.length === 0 ? '' : table(['option', 'takes', 'default', 'meaning', 'example'], options)
    }`;
  };
  return `# ${title}\n${NOTE}\n\n${what} Options that all have: [language](language.md).\n\n${entries.map(section).join('\n\n')}\n`.replaceAll(
    '](#',
    '](language.md#',
  );
}

function backendFacts({ capabilities }: (typeof BACKENDS)[number]): string[] {
  const can = Object.entries({
    'answers in a stream': capabilities.streaming,
    'output tokens': capabilities.outputTokens,
    'token counts of its own': capabilities.usage,
    'reasoning apart from the answer': capabilities.reasoning,
    '`ignore-eos`': capabilities.ignoreEos,
  });
  const needs = (['url', 'model'] as const).filter((each) => capabilities[each] === 'required').map(code);
  const has = can.filter(([, is]) => is).map(([name]) => name);
  return [
    `Has: ${has.join(', ') || 'none of streaming and tokens'}.${needs.length > 0 ? ` Needs ${needs.join(' and ')}.` : ''}`,
  ];
}

function datasetFacts({ argument, ownOutputLength, endless, arrivals }: (typeof DATASETS)[number]): string[] {
  return [
    ...(argument === undefined ? [] : [`After the name stands ${typeText(argument.type)}: ${argument.doc}`]),
    [
      endless ? 'Makes prompts without end.' : 'Has as many prompts as its data.',
      ownOutputLength ? 'Knows how long its own answers are.' : '',
      arrivals ? 'Carries arrival times.' : '',
    ].join(' '),
  ];
}

function monitorFacts({ argument, series, openSeries, defaultEveryMs }: (typeof MONITORS)[number]): string[] {
  return [
    ...(argument === undefined ? [] : [`After the name stands ${typeText(argument.type)}: ${argument.doc}`]),
    `Looks every ${formatQuantity(defaultEveryMs, 'duration')} unless told otherwise.${openSeries ? ' It has other series besides, whatever the source offers.' : ''}`,
    series.length === 0
      ? ''
      : table(
          ['series', 'unit', 'meaning'],
          series.map(({ id, dimension, doc }) => [code(id), dimensionText(dimension), doc]),
        ),
  ];
}

const SCOPES: Readonly<Record<MetricScope, readonly [title: string, meaning: string]>> = {
  request: ['Of requests', 'One value per successful request. They have all statistics.'],
  event: ['Of reads', 'One value per gap between reads, pooled over all requests. They have all statistics.'],
  window: ['Of a window', 'One value per measured window, without a statistic.'],
  engine: ['Of the engine', "Read from the engine's own metrics."],
};

function metricsPage(): string {
  const row = ({ id, title, formula, unit, better, needs, doc }: Metric): string[] => [
    code(id),
    title,
    formula,
    unit,
    better === 'neither' ? '' : better,
    needs.join(', '),
    doc,
  ];
  const sections = (Object.keys(SCOPES) as MetricScope[]).flatMap((scope) => {
    const rows = METRICS.filter((each) => each.scope === scope).map(row);
    const [title, meaning] = SCOPES[scope];
    const head = ['metric', 'name', 'formula', 'unit', 'better', 'needs', 'meaning'];
    return rows.length === 0 ? [] : [`## ${title}\n\n${meaning}\n\n${table(head, rows)}`];
  });
  return `# Metrics
${NOTE}

What the letters in the formulas stand for, and what counts when: [what each number means](../metrics.md).

${sections.join('\n\n')}

## Statistics

${[...STATISTICS, 'median'].map(code).join(', ')}, and every other percentile such as \`p97.5\`.
`;
}

function unitsPage(): string {
  const dimensions = [...new Set(UNITS.map(({ dimension }) => dimension))];
  const section = (dimension: Dimension): string => {
    const own = unitsOf(dimension).filter(({ aliasOf }) => aliasOf === undefined);
    const rows = own.map(({ symbol, doc, factor }) => {
      const aliases = UNITS.filter((each) => each.aliasOf === symbol && each.dimension === dimension);
      return [code(symbol), aliases.map((each) => code(each.symbol)).join(', '), doc, String(factor)];
    });
    return `## ${dimension}\n\n${table(['unit', 'also written', 'meaning', `in ${BASE_UNIT_LABEL[dimension] || 'ones'}`], rows)}`;
  };
  return `# Units\n${NOTE}\n\n${dimensions.map(section).join('\n\n')}\n\n## count\n\nA bare number.\n`;
}

/** By the first digit of their codes. */
const DIAGNOSTIC_GROUPS = [
  'The last run',
  'Text',
  'Names and files',
  'Values',
  'Backends, datasets, monitors and their options',
  'Load',
  'SLAs',
  'Benchmarks and studies',
  'Secrets',
  'Data files',
];

function diagnosticsPage(): string {
  const sections = DIAGNOSTIC_GROUPS.map((title, index) => {
    const entries = Object.entries(DIAGNOSTICS)
      .filter(([id]) => id.startsWith(`BENCH${index}`))
      .sort(([left], [right]) => (left < right ? -1 : 1));
    const rows = entries.map(([id, entry]) => [`[${id}](${id}.md)`, entry.severity, entry.title]);
    return `## ${title}\n\n${table(['code', 'severity', 'meaning'], rows)}`;
  });
  return `# Diagnostics
${NOTE}

What the language says about a scenario, by code. Each page has an example that is wrong and one that is right; a test compiles both.

${sections.join('\n\n')}
`;
}

function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const used = head.map((_, column) => rows.some((row) => row[column] !== ''));
  const line = (cells: readonly string[]): string =>
    `| ${cells
      .filter((_, column) => used[column])
      .map((cell) => cell.replaceAll('|', '\\|'))
      .join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
