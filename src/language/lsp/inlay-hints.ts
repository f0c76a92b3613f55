/** What a benchmark and each of its stages amount to, written behind their names: requests, duration, tokens, cost. */
import { GrammarUtils, UriUtils, type AstNode, type LangiumDocument } from 'langium';
import type { InlayHintProvider } from 'langium/lsp';
import { InlayHintKind, type InlayHint, type InlayHintParams } from 'vscode-languageserver-protocol';
import { describePlan, type PlanDescription, type StageDescription } from '../../contract/describe-plan.ts';
import { formatNumber, formatQuantity } from '../../contract/units.ts';
import { isBenchmark, type Benchmark } from '../ast.ts';
import { lowerBenchmark } from '../lowering/lower-benchmark.ts';
import { Lowering } from '../lowering/lowering.ts';
import { benchFileOf } from '../references/imports.ts';
import { Environment } from '../values/evaluate.ts';
import type { ParseValue } from '../values/parse-value.ts';

export class BenchInlayHintProvider implements InlayHintProvider {
  readonly #parseValue: ParseValue;

  constructor(parseValue: ParseValue) {
    this.#parseValue = parseValue;
  }

  getInlayHints(document: LangiumDocument, params: InlayHintParams): InlayHint[] {
    const hints = (benchFileOf(document).declarations ?? [])
      .filter(isBenchmark)
      .flatMap((each) => this.#hintsOf(each, document));
    const { start, end } = params.range;
    const unique = new Map(hints.map((hint) => [`${hint.position.line}:${hint.position.character}`, hint]));
    return [...unique.values()].filter(({ position }) => position.line >= start.line && position.line <= end.line);
  }

  #hintsOf(benchmark: Benchmark, document: LangiumDocument): InlayHint[] {
    const lowering = new Lowering(new Environment(), this.#parseValue);
    const file = document.uri.fsPath;
    const plan = lowerBenchmark(benchmark, { file, textSha256: '', params: {} }, lowering);
    if (plan === undefined) return [];
    const described = describePlan(plan);
    const stages = new Map<string, { line: number; character: number; parts: StageDescription[] }>();
    plan.load.stages.forEach((stage, index) => {
      const { location } = stage;
      const part = described.stages[index];
      if (part === undefined || !UriUtils.equals(document.uri, document.uri.with({ path: location.file }))) return;
      const key = `${location.line}:${location.column}`;
      const entry = stages.get(key) ?? { line: location.endLine - 1, character: location.endColumn - 1, parts: [] };
      entry.parts.push(part);
      stages.set(key, entry);
    });
    return [
      ...hintAt(benchmark, totalText(described)),
      ...[...stages.values()].flatMap(({ line, character, parts }) => hint({ line, character }, stageText(parts))),
    ];
  }
}

function totalText(plan: PlanDescription): string {
  return joined([
    plan.requests === undefined ? undefined : `${count(plan.requests)} requests`,
    plan.durationMs === undefined ? undefined : formatQuantity(plan.durationMs, 'duration', 3),
    plan.outputTokensTotal === undefined ? undefined : `${count(plan.outputTokensTotal)} output tokens`,
    plan.costUsd === undefined ? undefined : `${formatNumber(plan.costUsd, 2)} usd`,
  ]);
}

function stageText(parts: readonly StageDescription[]): string {
  const requests = sum(parts.map((part) => part.requests));
  const durationMs = sum(parts.map((part) => part.durationMs));
  return joined([
    parts.length > 1 ? `${parts.length} steps` : undefined,
    requests === undefined ? undefined : `${count(requests)} requests`,
    durationMs === undefined ? undefined : formatQuantity(durationMs, 'duration', 3),
  ]);
}

function sum(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce<number | undefined>(
    (total, value) => (total === undefined || value === undefined ? undefined : total + value),
    0,
  );
}

function count(value: number): string {
  if (value >= 1e6) return `${formatNumber(value / 1e6, 3)} M`;
  return value >= 1e4 ? `${formatNumber(value / 1e3, 3)} k` : formatNumber(Math.round(value), 5);
}

function joined(parts: readonly (string | undefined)[]): string {
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? '' : `≈ ${known.join(' · ')}`;
}

function hintAt(node: AstNode, label: string): InlayHint[] {
  const end = GrammarUtils.findNodeForProperty(node.$cstNode, 'name')?.range.end;
  return end === undefined ? [] : hint(end, label);
}

function hint(position: InlayHint['position'], label: string): InlayHint[] {
  return label === '' ? [] : [{ position, label, kind: InlayHintKind.Type, paddingLeft: true }];
}
