/**
 * Parses a changed text by parsing only the declarations around the change: the trees of those before it are kept, and those after it are
 * moved to their new place. The result is that of parsing the whole text; where that is not certain there is none, and the caller parses the whole.
 */
import { RootCstNodeImpl, type AstNode, type CstNode, type ParseResult, type RootCstNode } from 'langium';
import type { Draft } from '../../contract/draft.ts';
import { isImport, type BenchFile, type Declaration, type Import } from '../ast.ts';
import type { LexingProblem, TextReport } from './lexer.ts';
import {
  offsetOf,
  shiftLexerError,
  shiftNode,
  shiftParserErrors,
  type LexerError,
  type ParserError,
} from './positions.ts';
import { isCertainStart, unitsOf, type Unit } from './units.ts';

type Parse = (text: string) => ParseResult<AstNode>;

/** The trees of the previous result become part of the new one, so that it must not be used any more. */
export function parseChange(
  previous: ParseResult<AstNode>,
  text: string,
  parse: Parse,
): ParseResult<AstNode> | undefined {
  const kept = findKept(previous, text);
  if (kept === undefined) return undefined;
  const { units, first, last, start, end, characters } = kept;
  const middle = parse(text.slice(start, end));
  if (hasDeclarationInText(middle)) return undefined;
  const middleUnits = unitsOf(middle.value as BenchFile);
  const lastStart = last === undefined ? Number.POSITIVE_INFINITY : last.cst.offset + characters - start;
  const meeting = middleUnits?.find(({ cst }) => cst.offset === lastStart);
  if (middleUnits === undefined || !isMet(last, meeting, middle, lastStart)) return undefined;

  const toMiddle = { characters: start, lines: lineOf(first) };
  const toEnd = { characters, lines: lineOf(meeting) + toMiddle.lines - lineOf(last) };
  const nodes = {
    before: contentOf(previous.value).slice(0, first?.index ?? 0),
    between: contentOf(middle.value).slice(0, meeting?.index),
    after: last === undefined ? [] : contentOf(previous.value).slice(last.index),
  };
  const parser = keptErrors(previous.parserErrors, offsetOf, start, last);
  const lexer = keptErrors(previous.lexerErrors, ({ offset }: LexerError) => offset, start, last);
  if (parser.before.length + middle.parserErrors.length + parser.after.length > MOST_ERRORS) return undefined;
  for (const node of nodes.between) shiftNode(node, toMiddle);
  for (const node of nodes.after) shiftNode(node, toEnd);
  shiftParserErrors(middle.parserErrors, toMiddle);
  shiftParserErrors(parser.after, toEnd);
  const parts = [
    ...units.slice(0, first === undefined ? 0 : units.indexOf(first)),
    ...middleUnits.slice(0, meeting === undefined ? undefined : middleUnits.indexOf(meeting)),
    ...(last === undefined ? [] : units.slice(units.indexOf(last))),
  ].map(({ part }) => part);
  return {
    value: joinTree(text, [...nodes.before, ...nodes.between, ...nodes.after], parts),
    parserErrors: [...parser.before, ...middle.parserErrors, ...parser.after],
    lexerErrors: [
      ...lexer.before,
      ...middle.lexerErrors.map((error) => shiftLexerError(error, toMiddle)),
      ...lexer.after.map((error) => shiftLexerError(error, toEnd)),
    ],
  };
}

/** In a text of nothing but mistakes the lexer counts over the whole file; half of MAXIMUM_UNCLOSED is surely below its limit. */
const MOST_ERRORS = 500;

interface Kept {
  readonly units: readonly Unit[];
  /** The first unit that is parsed again; `undefined`: all from the beginning of the file. */
  readonly first: Unit | undefined;
  /** The first unit that is kept after the change; `undefined`: everything to the end is parsed again. */
  readonly last: Unit | undefined;
  /** What is parsed of the new text: up to the end of the unit after `last`, to see that the text has its old meaning again. */
  readonly start: number;
  readonly end: number;
  /** By how many characters the text has grown. */
  readonly characters: number;
}

function findKept(previous: ParseResult<AstNode>, text: string): Kept | undefined {
  const file = previous.value as BenchFile;
  const units = unitsOf(file);
  const oldText = file.$cstNode?.root.fullText;
  if (units === undefined || oldText === undefined || previous.lexerErrors.some(endsLexing)) return undefined;
  if (hasDeclarationInText(previous)) return undefined;
  const change = findChange(oldText, text);
  // A word may be longer now, or go on with what was added behind it; so the unit before that one is the last that is surely as it was.
  const touched = units.findIndex(({ cst }) => cst.end >= change.from);
  const first = units.slice(0, Math.max(0, touched < 0 ? units.length - 1 : touched)).findLast(isCertainStart);
  const last = units.find((unit) => isUntouched(unit, change.to, previous) && isCertainStart(unit));
  if (first === undefined && last === undefined) return undefined;
  const follower = last === undefined ? undefined : units[units.indexOf(last) + 1];
  const { characters } = change;
  const end = follower === undefined ? text.length : follower.cst.end + characters;
  return { units, first, last, start: first?.cst.offset ?? 0, end, characters };
}

/** A unit after the change, without a mistake of its own that would hide whether it is read as before. */
function isUntouched({ cst }: Unit, changeEnd: number, { parserErrors, lexerErrors }: ParseResult<AstNode>): boolean {
  const isInside = (offset: number): boolean => offset > cst.offset && offset <= cst.end;
  return (
    cst.offset > changeEnd &&
    !parserErrors.some((error) => isInside(offsetOf(error))) &&
    !lexerErrors.some(({ offset }) => isInside(offset))
  );
}

/** What is between a common beginning and a common end. */
function findChange(oldText: string, text: string): { from: number; to: number; characters: number } {
  const shorter = Math.min(oldText.length, text.length);
  let from = 0;
  while (from < shorter && oldText.charCodeAt(from) === text.charCodeAt(from)) from++;
  let common = 0;
  while (
    common < shorter - from &&
    oldText.charCodeAt(oldText.length - 1 - common) === text.charCodeAt(text.length - 1 - common)
  )
    common++;
  return { from, to: oldText.length - common, characters: text.length - oldText.length };
}

/** Did parsing come to the kept unit and find it as it was? What is found at its first word was said of what stands before it. */
function isMet(last: Unit | undefined, meeting: Unit | undefined, middle: ParseResult<AstNode>, at: number): boolean {
  if (middle.lexerErrors.some(endsLexing)) return false;
  if (last === undefined) return true;
  return (
    meeting?.part.$type === last.part.$type &&
    meeting.cst.length === last.cst.length &&
    middle.parserErrors.every((error) => offsetOf(error) <= at) &&
    middle.lexerErrors.every(({ offset }) => offset < at)
  );
}

/** A piece of such a text is not read as it is in the whole. */
function hasDeclarationInText({ lexerReport }: ParseResult<AstNode>): boolean {
  return (lexerReport as TextReport | undefined)?.hasDeclarationInText === true;
}

/** Behind one of these there are no tokens, though there is text. */
function endsLexing({ problem }: LexerError & Partial<LexingProblem>): boolean {
  return problem === 'file-too-large' || problem === 'nested-too-deep' || problem === 'not-text';
}

function keptErrors<Error extends ParserError | LexerError>(
  errors: readonly Error[],
  placeOf: (error: Error) => number,
  start: number,
  last: Unit | undefined,
): { before: Error[]; after: Error[] } {
  const end = last?.cst.offset ?? Number.POSITIVE_INFINITY;
  return {
    before: start === 0 ? [] : errors.filter((error) => placeOf(error) <= start),
    after: last === undefined ? [] : errors.filter((error) => placeOf(error) > end),
  };
}

function lineOf(unit: Unit | undefined): number {
  return unit?.cst.range.start.line ?? 0;
}

function contentOf(file: AstNode): CstNode[] {
  return (file.$cstNode as RootCstNodeImpl).content;
}

function joinTree(text: string, nodes: CstNode[], parts: readonly (Import | Declaration)[]): BenchFile {
  const root = new RootCstNodeImpl(text);
  root.content = nodes;
  const tree = root as RootCstNode;
  for (const node of nodes) (node as Draft<CstNode>).container = tree;
  const imports = parts.filter(isImport);
  const declarations = parts.filter((part) => !isImport(part));
  const file: BenchFile = { $type: 'BenchFile', $cstNode: tree, imports, declarations };
  for (const [property, list] of Object.entries({ imports, declarations }))
    for (const [index, part] of list.entries())
      Object.assign(part, { $container: file, $containerProperty: property, $containerIndex: index });
  root.astNode = file;
  return file;
}
