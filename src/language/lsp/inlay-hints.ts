/** What benchmarks, stages and studies amount to, written behind their names, and what computed values come out as. */
import { AstUtils, GrammarUtils, type AstNode, type LangiumDocument } from 'langium';
import type { InlayHintProvider } from 'langium/lsp';
import { InlayHintKind, type InlayHint, type InlayHintParams, type Range } from 'vscode-languageserver-protocol';
import { describePlan, type StageDescription } from '../../contract/describe-plan.ts';
import { joinedFigures, stageFigures, totalFigures } from '../../contract/figures.ts';
import {
  isBenchmark,
  isBinary,
  isLoad,
  isNameRef,
  isParam,
  type Benchmark,
  type Binary,
  type NameRef,
} from '../ast.ts';
import { pathOf } from '../file-system.ts';
import { lowerBenchmark, partsOf } from '../lowering/lower-benchmark.ts';
import type { StudyNode } from '../lowering/lower-run.ts';
import { isStudy } from '../lowering/lower-study.ts';
import { Lowering } from '../lowering/lowering.ts';
import { inheritanceOf } from '../references/extends.ts';
import { benchFileOf } from '../references/imports.ts';
import { silent } from '../validation/report.ts';
import { Environment, evaluate } from '../values/evaluate.ts';
import type { ParseValue } from '../values/parse-value.ts';
import { showValue } from '../values/value.ts';
import { studyWords } from './study-words.ts';

/** Longer texts are not written behind a name. */
const LONGEST_VALUE = 40;

export class BenchInlayHintProvider implements InlayHintProvider {
  readonly #parseValue: ParseValue;

  constructor(parseValue: ParseValue) {
    this.#parseValue = parseValue;
  }

  getInlayHints(document: LangiumDocument, { range }: InlayHintParams): InlayHint[] {
    const declarations = benchFileOf(document).declarations ?? [];
    const hints = [
      ...declarations
        .filter(isBenchmark)
        .filter((each) => hasHintsWithin(each, range))
        .flatMap((each) => this.#benchmarkHints(each, document)),
      ...declarations
        .filter(isStudy)
        .filter((each) => isTouched(each, range))
        .flatMap((each) => this.#studyHints(each)),
      ...valueHints(document, range),
    ];
    const unique = new Map(hints.map((hint) => [`${hint.position.line}:${hint.position.character}`, hint]));
    return withoutRepetitions([...unique.values()], declarations.filter(isBenchmark)).filter(({ position }) =>
      isWithin(position, range),
    );
  }

  #benchmarkHints(benchmark: Benchmark, document: LangiumDocument): InlayHint[] {
    const lowering = new Lowering(new Environment(), this.#parseValue);
    const file = pathOf(document.uri);
    const plan = lowerBenchmark(benchmark, { file, textSha256: '', params: {} }, lowering);
    if (plan === undefined) return [];
    const described = describePlan(plan);
    const stages = new Map<string, { line: number; character: number; parts: StageDescription[] }>();
    plan.load.stages.forEach((stage, index) => {
      const { location } = stage;
      const part = described.stages[index];
      if (part === undefined || location.file !== file) return;
      const key = `${location.line}:${location.column}`;
      const entry = stages.get(key) ?? { line: location.endLine - 1, character: location.endColumn - 1, parts: [] };
      entry.parts.push(part);
      stages.set(key, entry);
    });
    return [
      ...hintAt(benchmark, joinedFigures(totalFigures(described, plan.repeat))),
      ...[...stages.values()].flatMap(({ line, character, parts }) =>
        hint({ line, character }, joinedFigures(stageFigures(parts))),
      ),
    ];
  }

  #studyHints(study: StudyNode): InlayHint[] {
    return hintAt(study, studyWords(study, this.#parseValue));
  }
}

/**
 * The only stage, written within its benchmark, says nothing new, whoever else extends that benchmark; in a load of its own it is read on
 * its own.
 */
function withoutRepetitions(hints: readonly InlayHint[], benchmarks: readonly Benchmark[]): readonly InlayHint[] {
  const repeated = benchmarks.flatMap((benchmark) => {
    const end = nameEnd(benchmark);
    const own = hints.find(({ position }) => position.line === end?.line && position.character === end.character);
    const within = hints.filter(({ position }) => isTouched(benchmark, { start: position, end: position }));
    return within.filter((each) => each !== own && each.label === own?.label);
  });
  return hints.filter((each) => !repeated.includes(each));
}

/** A plan costs time, so that only those are made of which something is seen: the benchmark, or a load it has stages of. */
function hasHintsWithin(benchmark: Benchmark, range: Range): boolean {
  const { load } = partsOf(benchmark);
  const places: AstNode[] = [...inheritanceOf(benchmark), ...(isLoad(load) ? inheritanceOf(load) : [])];
  return places.some((each) => isTouched(each, range));
}

function isTouched({ $cstNode }: AstNode, { start, end }: Range): boolean {
  return $cstNode !== undefined && $cstNode.range.start.line <= end.line && $cstNode.range.end.line >= start.line;
}

/** `rate peak / 2` comes out as `= 100 rps`. */
function valueHints(document: LangiumDocument, range: Range): InlayHint[] {
  const environment = new Environment();
  return AstUtils.streamAst(document.parseResult.value, { range })
    .filter(isComputed)
    .flatMap((node) => {
      const end = node.$cstNode?.range.end;
      const value = evaluate(node, environment, silent);
      if (end === undefined || value === undefined || value.kind === 'word' || value.kind === 'declaration') return [];
      const shown = showValue(value);
      const text = value.kind === 'text' ? JSON.stringify(shown) : shown;
      return text === undefined || text.length > LONGEST_VALUE ? [] : hint(end, `= ${text}`);
    })
    .toArray();
}

/** The whole of a computed value, outside of texts. */
function isComputed(node: AstNode): node is Binary | NameRef {
  const isValue = isBinary(node) || (isNameRef(node) && node.ref?.ref !== undefined && isParam(node.ref.ref));
  return isValue && !PARTS.has(node.$container?.$type ?? '');
}

const PARTS: ReadonlySet<string> = new Set(['Binary', 'Group', 'List', 'Argument', 'Template', 'Range', 'Call']);

function isWithin({ line }: InlayHint['position'], { start, end }: Range): boolean {
  return line >= start.line && line <= end.line;
}

function hintAt(node: AstNode, label: string): InlayHint[] {
  const end = nameEnd(node);
  return end === undefined ? [] : hint(end, label);
}

function nameEnd(node: AstNode): InlayHint['position'] | undefined {
  return GrammarUtils.findNodeForProperty(node.$cstNode, 'name')?.range.end;
}

function hint(position: InlayHint['position'], label: string): InlayHint[] {
  return label === '' ? [] : [{ position, label, kind: InlayHintKind.Type, paddingLeft: true }];
}
