/** The grammar as railroad diagrams: one picture per rule, readable on light and dark pages. */
import { GrammarAST } from 'langium';
import { createGrammarDiagramSvg } from 'langium-railroad';
import { BenchGrammar } from '../src/language/generated/grammar.ts';

/** Rules about letters rather than words, said in sentences instead. */
const LEXICAL = new Set([
  ...['Text', 'PlainText', 'Template', 'Name', 'NameKeyword', 'StageWord', 'PropertyName', 'ValueName', 'VaryName'],
  ...['CatalogId', 'SeriesName', 'PropertyPath', 'Quantity', 'NumberLiteral', 'NameRef'],
]);

const CSS = `
svg.railroad-diagram { background: none; }
svg.railroad-diagram path { stroke: #57606a; stroke-width: 1.5; fill: none; }
svg.railroad-diagram text { font: 13px ui-monospace, monospace; fill: #1f2328; text-anchor: middle; white-space: pre; }
svg.railroad-diagram rect { stroke: #57606a; stroke-width: 1.5; fill: none; }
svg.railroad-diagram rect[rx] { fill: #ddf4ff; stroke: #0969da; }
@media (prefers-color-scheme: dark) {
  svg.railroad-diagram path, svg.railroad-diagram rect { stroke: #8b949e; }
  svg.railroad-diagram text { fill: #e6edf3; }
  svg.railroad-diagram rect[rx] { fill: #12304f; stroke: #4493f8; }
}
`;

function rules(): GrammarAST.ParserRule[] {
  return BenchGrammar()
    .rules.filter((rule) => GrammarAST.isParserRule(rule))
    .filter(({ name }) => !LEXICAL.has(name));
}

/** Rule → SVG. */
export function syntaxDiagrams(): ReadonlyMap<string, string> {
  const pictures = createGrammarDiagramSvg(rules(), { css: CSS });
  return new Map([...pictures].map(([name, svg]) => [name, `${svg.trim()}\n`]));
}

export function syntaxPage(note: string): string {
  const names = [...syntaxDiagrams().keys()];
  const section = (name: string): string => `## ${name}\n\n![The syntax of ${name}](syntax/${name}.svg)`;
  return `# Syntax
${note}

Rounded boxes are written as they stand. Square ones are other diagrams, or one of these:

- _Name_, _ID_: letters, digits, \`_\` and, inside, \`-\`. Words of the language may be names where a name stands.
- _PropertyName_: a word from the [tables of the language](language.md) and of the catalogs.
- _CatalogId_: \`openai.chat\`; _SeriesName_: \`gpu.memory\` or a text; _PropertyPath_: \`sampling.temperature\`.
- _Quantity_: a number and its [unit](units.md) on one line. _NumberLiteral_: \`1_000\`, \`0.5\`, \`1e3\`.
- _Text_: \`"…"\` or \`"""…"""\`, with \`\${…}\` in it. _RESOLUTION_: \`512x512\`. _TRAILING_UNIT_: the unit after \`)\` or \`]\`.
- _BinaryOrPrimary_: \`+ - * /\` between values; \`*\` and \`/\` bind closer.

${names.map(section).join('\n\n')}
`;
}
