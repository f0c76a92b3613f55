/** What a declaration comes to: a stage in words and as a line of bars, a load and a benchmark in figures, a param's value and where it is from. */
import { AstUtils, type AstNode, type IndexManager, type LangiumDocument, type LangiumDocuments } from 'langium';
import { explainStage } from '../../contract/describe-load.ts';
import { describePlan, expectedRequests } from '../../contract/describe-plan.ts';
import { loadSparkline, stageDurationMs } from '../../contract/describe-shape.ts';
import { joinedFigures, stageFigures, totalFigures } from '../../contract/figures.ts';
import type { StagePlan } from '../../contract/plan.ts';
import * as ast from '../ast.ts';
import { lowerBenchmark } from '../lowering/lower-benchmark.ts';
import { lowerLoad } from '../lowering/lower-load.ts';
import { isStudy } from '../lowering/lower-study.ts';
import { lowerStage } from '../lowering/lower-stage.ts';
import { Lowering } from '../lowering/lowering.ts';
import { benchFileOf, reachableDocuments } from '../references/imports.ts';
import type { Environment } from '../values/evaluate.ts';
import type { ParseValue } from '../values/parse-value.ts';
import { showValue } from '../values/value.ts';
import type { LastResults } from './last-result.ts';
import { studyWords } from './study-words.ts';

const BARS = 32;

export interface ExplainServices {
  readonly parseValue: ParseValue;
  readonly environment: Environment;
  readonly index: IndexManager;
  readonly documents: LangiumDocuments;
  readonly results: LastResults;
  readonly pathOf: (node: AstNode) => string;
}

/** Markdown paragraphs; none for what its own text says already. */
export async function explainDeclaration(
  node: ast.Declaration | ast.Stage,
  seenFrom: LangiumDocument,
  services: ExplainServices,
): Promise<readonly string[]> {
  const lowering = new Lowering(services.environment, services.parseValue);
  if (ast.isParam(node)) return explainParam(node, seenFrom, services);
  if (ast.isStage(node)) return explainStages(lowerStage(node, lowering));
  if (ast.isLoad(node)) return explainLoad(node, lowering);
  if (ast.isBenchmark(node)) {
    const plan = lowerBenchmark(node, { file: '', textSha256: '', params: {} }, lowering);
    return plan === undefined
      ? []
      : explainPlan(plan.load.stages, joinedFigures(totalFigures(describePlan(plan), plan.repeat)));
  }
  return isStudy(node) ? explainStudy(node, services) : [];
}

function explainStages(stages: readonly StagePlan[]): string[] {
  if (stages.length === 0) return [];
  const figures = joinedFigures(stageFigures(stages.map(bareFigures)));
  return [`\`${drawn(stages)}\`${figures === '' ? '' : ` ${figures}`}`, explainStage(stages)];
}

/** Of a stage that stands in no benchmark yet: without lengths and prices. */
function bareFigures(stage: StagePlan): { name: string; durationMs?: number; requests?: number } {
  const { shape, until, name } = stage;
  const durationMs = stageDurationMs(stage);
  const requests =
    until.kind === 'requests'
      ? until.requests
      : shape.kind === 'open' && until.kind === 'time'
        ? Math.round(expectedRequests(shape.rate, until.durationMs))
        : undefined;
  return { name, ...(durationMs === undefined ? {} : { durationMs }), ...(requests === undefined ? {} : { requests }) };
}

function explainLoad(load: ast.Load, lowering: Lowering): string[] {
  const plan = lowerLoad(load, lowering);
  if (plan === undefined) return [];
  const [steps, ...figures] = stageFigures(plan.stages.map(bareFigures));
  return explainPlan(plan.stages, joinedFigures([steps?.replace('steps', 'stages'), ...figures]));
}

function explainPlan(stages: readonly StagePlan[], figures: string): string[] {
  return [`\`${drawn(stages)}\`${figures === '' ? '' : ` ${figures}`}`];
}

function drawn(stages: readonly StagePlan[]): string {
  return loadSparkline(
    stages.map((stage) => ({ shape: stage.shape, durationMs: stageDurationMs(stage) })),
    BARS,
  );
}

function explainStudy(
  study: ast.Sweep | ast.Search | ast.Compare | ast.Profile | ast.Estimate,
  services: ExplainServices,
): string[] {
  const figures = studyWords(study, services.parseValue, services.environment.bindings);
  return figures === '' ? [] : [figures];
}

// ── params ──

async function explainParam(param: ast.Param, seenFrom: LangiumDocument, services: ExplainServices): Promise<string[]> {
  const { environment } = services;
  const given = environment.bindings.get(param.name);
  const value = environment.valueOf(param);
  const shown = value === undefined ? undefined : showValue(value);
  const isComputed = param.value !== undefined && !isLiteral(param.value);
  return [
    ...(shown !== undefined && (isComputed || given !== undefined) ? [`= \`${shortened(shown)}\``] : []),
    originOf(param, seenFrom, given !== undefined),
    ...sweepsOver(param, services),
    ...(await lastRunWith(param, seenFrom, services)),
  ];
}

function isLiteral({ $type }: ast.Value): boolean {
  return $type === 'Quantity' || $type === 'NumberLiteral' || $type === 'PlainText' || $type === 'List';
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('`', "'");
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

function originOf(param: ast.Param, seenFrom: LangiumDocument, isGiven: boolean): string {
  const home = AstUtils.getDocument(param);
  const line = (param.$cstNode?.range.start.line ?? 0) + 1;
  const where = home === seenFrom ? `line ${line}` : `${home.uri.path.split('/').at(-1) ?? ''}, line ${line}`;
  if (isGiven) return `Given with \`--set ${param.name}=…\`, instead of the value in ${where}.`;
  return param.value === undefined
    ? `Without a default (${where}): \`--set ${param.name}=…\` must give it a value.`
    : `From ${where}, unless a run gives it another value with \`--set ${param.name}=…\`.`;
}

function sweepsOver(param: ast.Param, { index, documents, pathOf }: ExplainServices): string[] {
  const uses = index.findAllReferences(param, pathOf(param)).toArray();
  const found = new Set<string>();
  for (const { sourceUri, segment } of uses) {
    const document = documents.getDocument(sourceUri);
    const declarations = document === undefined ? [] : benchFileOf(document).declarations;
    for (const sweep of declarations.filter(ast.isSweep)) {
      const vary = sweep.items
        .filter(ast.isVary)
        .find((each) => each.subject?.ref === param && each.$cstNode !== undefined && contains(each.$cstNode, segment));
      const values = vary?.values?.$cstNode?.text.replaceAll(/\s+/g, ' ');
      if (values !== undefined) found.add(`The sweep \`${sweep.name}\` gives it \`${shortened(values)}\` in turn.`);
    }
  }
  return [...found];
}

function contains(outer: { offset: number; end: number }, inner: { offset: number; end: number }): boolean {
  return outer.offset <= inner.offset && inner.end <= outer.end;
}

/** The newest result of the scenario it is looked at from. */
async function lastRunWith(
  param: ast.Param,
  seenFrom: LangiumDocument,
  { results, documents, environment }: ExplainServices,
): Promise<string[]> {
  const last = await results.of(seenFrom.uri);
  const isSeen = reachableDocuments(seenFrom, documents).includes(AstUtils.getDocument(param));
  const params: Readonly<Record<string, string>> | undefined = last?.report.run.params;
  const used = isSeen ? params?.[param.name] : undefined;
  if (last === undefined || used === undefined) return [];
  const value = environment.valueOf(param);
  const isSame = value !== undefined && showValue(value) === used;
  const when = last.report.run.startedAt.slice(0, 16).replace('T', ' ');
  return isSame ? [] : [`The last run (${when} UTC) used \`${shortened(used)}\`.`];
}
