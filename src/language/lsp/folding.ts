/** Folding from the tokens alone, so that it stays while a file is half typed: blocks, lists, long texts, comments, imports, sections. */
import type { LangiumDocument, Lexer } from 'langium';
import type { FoldingRangeProvider, LangiumServices } from 'langium/lsp';
import { FoldingRangeKind, type FoldingRange } from 'vscode-languageserver-protocol';
import type { Token } from './block-context.ts';

/** `// ── backends ──────` : a heading; everything up to the next one belongs to it. */
const HEADING = /^\/\/\s*[─━═=–—-]{2,}\s*[^\s─━═=–—-]/;

export class BenchFoldingRangeProvider implements FoldingRangeProvider {
  readonly #lexer: Lexer;

  constructor(services: LangiumServices) {
    this.#lexer = services.parser.Lexer;
  }

  getFoldingRanges({ textDocument }: LangiumDocument): FoldingRange[] {
    const { tokens, hidden } = this.#lexer.tokenize(textDocument.getText());
    const placed = (each: Token): PlacedToken => ({
      image: each.image,
      first: textDocument.positionAt(each.startOffset).line,
      last: textDocument.positionAt(each.startOffset + each.image.length).line,
    });
    const comments = hidden.filter(({ image }) => image.startsWith('/')).map(placed);
    const words = tokens.map(placed);
    const codeLines = new Set(words.flatMap(({ first, last }) => [first, last]));
    const lastLine = Math.max(0, ...[words.at(-1), comments.at(-1)].map((each) => each?.last ?? 0));
    const found = [
      ...brackets(words),
      ...longTexts(words),
      ...blockComments(comments),
      ...lineComments(comments.filter(({ image, first }) => image.startsWith('//') && !codeLines.has(first))),
      ...imports(words),
      ...sections(comments, lastLine),
    ].filter(({ startLine, endLine }) => endLine > startLine);
    // An editor shows one fold for a line: the largest.
    const largest = new Map<number, FoldingRange>();
    for (const fold of found)
      if (fold.endLine > (largest.get(fold.startLine)?.endLine ?? -1)) largest.set(fold.startLine, fold);
    return [...largest.values()];
  }
}

interface PlacedToken {
  readonly image: string;
  /** First and last line. */
  readonly first: number;
  readonly last: number;
}

/** The line of a closing bracket stays visible. */
function brackets(tokens: readonly PlacedToken[]): FoldingRange[] {
  const open: PlacedToken[] = [];
  const found: FoldingRange[] = [];
  for (const token of tokens) {
    if (token.image === '{' || token.image === '[') open.push(token);
    if (token.image !== '}' && token.image !== ']') continue;
    const start = open.pop();
    if (start !== undefined) found.push({ startLine: start.first, endLine: token.first - 1 });
  }
  return found;
}

function longTexts(tokens: readonly PlacedToken[]): FoldingRange[] {
  return tokens
    .filter(({ image, first, last }) => image.startsWith('"""') && last > first)
    .map(({ first, last }) => ({ startLine: first, endLine: last - 1 }));
}

function blockComments(comments: readonly PlacedToken[]): FoldingRange[] {
  return comments
    .filter(({ image }) => image.startsWith('/*'))
    .map(({ first, last }) => ({ startLine: first, endLine: last, kind: FoldingRangeKind.Comment }));
}

/** Line comments right below each other. */
function lineComments(comments: readonly PlacedToken[]): FoldingRange[] {
  return runsOf(comments.filter(({ image }) => !HEADING.test(image)).map(({ first }) => first)).map(
    ([startLine, endLine]) => ({ startLine, endLine, kind: FoldingRangeKind.Comment }),
  );
}

function imports(tokens: readonly PlacedToken[]): FoldingRange[] {
  const lines = tokens.filter(({ image }) => image === 'import').map(({ first }) => first);
  const [startLine] = lines;
  const endLine = lines.at(-1);
  if (startLine === undefined || endLine === undefined) return [];
  // Declarations in between end the fold before it begins.
  const isBroken = tokens.some(({ image, first }) => image === '{' && first > startLine && first < endLine);
  return isBroken ? [] : [{ startLine, endLine, kind: FoldingRangeKind.Imports }];
}

function sections(comments: readonly PlacedToken[], lastLine: number): FoldingRange[] {
  const starts = comments.filter(({ image }) => HEADING.test(image)).map(({ first }) => first);
  return starts.map((startLine, index) => ({
    startLine,
    endLine: (starts[index + 1] ?? lastLine + 1) - 1,
    kind: FoldingRangeKind.Region,
  }));
}

function runsOf(lines: readonly number[]): (readonly [first: number, last: number])[] {
  const runs: (readonly [number, number])[] = [];
  for (const line of lines) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] + 1 === line) runs[runs.length - 1] = [run[0], line];
    else runs.push([line, line]);
  }
  return runs;
}
