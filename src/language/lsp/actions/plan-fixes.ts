/** Fixes of what a benchmark is made of: what is missing is added, what does not fit is changed. */
import { AstUtils, GrammarUtils, type AstNode } from 'langium';
import { BLOCKS } from '../../../contract/catalog/blocks.ts';
import { quantileOf, valuesNeeded } from '../../../contract/metrics.ts';
import * as ast from '../../ast.ts';
import { blockKindOf } from '../../schema/property-entry.ts';
import { spanOf, withoutPlaceholders } from './edit-blocks.ts';
import { fix, type Fix, type Problem } from './problem.ts';

/** Of the catalog: what an item looks like. */
function exampleOf(block: AstNode | undefined, name: string): string | undefined {
  const kind = blockKindOf(block) ?? 'backend';
  if (name === 'protocol') return 'protocol openai.chat';
  if (name === 'from') return kind === 'monitor' ? 'from system' : 'from random';
  const snippet = BLOCKS[kind][name]?.snippet;
  return snippet === undefined ? undefined : withoutPlaceholders(snippet) || undefined;
}

/** The block to which something belongs that is missing there: its own, or the one of the declaration it names. */
function blockLacking(problem: Problem): AstNode | undefined {
  const { node } = problem;
  if (ast.isLaunch(node) || ast.isLaunch(node?.$container)) return ast.isLaunch(node) ? node : node?.$container;
  const inline = problem.closest(
    (each): each is ast.On | ast.Send | ast.LoadSlot | ast.Watch =>
      ast.isOn(each) || ast.isSend(each) || ast.isLoadSlot(each) || ast.isWatch(each),
  )?.inline;
  return inline ?? (problem.declaration as { body?: AstNode } | undefined)?.body;
}

export function addMissing(problem: Problem): Fix[] {
  const name = problem.fact('name');
  if (name === 'burstiness') return fix('Add `0.5`: clumped arrivals', [problem.text.insert(problem.end, ' 0.5')]);
  if (name === 'period') return fix('Add `period 1 min`', [problem.text.insert(problem.end, ' period 1 min')]);
  const block = blockLacking(problem);
  const item = exampleOf(block, name);
  if (item === undefined) return [];
  return fix(`Add \`${item}\``, problem.addItem(block, item));
}

const SLOT_INLINE: Readonly<Record<string, readonly [type: string, inline: string]>> = {
  on: ['Backend', '{ protocol simulator }'],
  send: ['Dataset', '{ from random  input 512 tokens  output 128 tokens }'],
  load: ['Load', '{ warmup 10 requests  stage steady { rate 10 rps poisson for 1 min } }'],
};

/** Missing slots, with the only declaration there is of the kind, else written in place. */
export function addSlots(problem: Problem): Fix[] {
  const slots = [...problem.fact('slots').matchAll(/`(\w+)`/g)].flatMap((match) => match[1] ?? []);
  const items = slots.map((slot) => {
    const [type = '', inline = ''] = SLOT_INLINE[slot] ?? [];
    return `${slot} ${problem.around.namesHere(type)[0] ?? inline}`;
  });
  const benchmark = problem.closest(ast.isBenchmark);
  return fix(`Add ${slots.map((each) => `\`${each}\``).join(', ')}`, problem.addItem(benchmark, items.join('\n')));
}

/** The backend of the benchmark at hand, where it is written in this file. */
function backendBlock(problem: Problem): ast.BackendBlock | undefined {
  const on = problem.closest(ast.isBenchmark)?.items.findLast(ast.isOn);
  const block = on?.inline ?? on?.backend?.ref?.body;
  return block === undefined || AstUtils.getDocument(block) !== problem.document ? undefined : block;
}

export function ignoreEos(problem: Problem): Fix[] {
  const block = backendBlock(problem);
  const hasSampling = block?.items.some((item) => ast.isProperty(item) && item.name === 'sampling');
  const item = 'sampling { ignore-eos on }';
  return block === undefined || hasSampling === true ? [] : fix(`Add \`${item}\``, problem.addItem(block, item));
}

export function addPrice(problem: Problem): Fix[] {
  const block = backendBlock(problem);
  const item = exampleOf(block, 'price');
  return block === undefined || item === undefined ? [] : fix(`Add \`${item}\``, problem.addItem(block, item));
}

/** The design that the message says needs fewer runs. */
export function smallerDesign(problem: Problem): Fix[] {
  const sweep = problem.closest(ast.isSweep);
  const hasDesign = sweep?.items.some((item) => ast.isProperty(item) && item.name === 'design');
  const design = /`(design [\w-]+)`/.exec(problem.fact('fewer'))?.[1];
  if (sweep === undefined || hasDesign === true || design === undefined) return [];
  return fix(`Add \`${design}\``, problem.addItem(sweep, design));
}

const STAGE = 'stage steady { rate 10 rps poisson for 1 min }';

export function addStage(problem: Problem): Fix[] {
  const slot = problem.closest(ast.isLoadSlot);
  const block = slot?.inline ?? slot?.load?.ref?.body ?? problem.closest(ast.isLoad)?.body;
  const isElsewhere = block !== undefined && AstUtils.getDocument(block) !== problem.document;
  return isElsewhere ? [] : fix(`Add \`${STAGE}\``, problem.addItem(block, STAGE));
}

/** At the beginning of the load, where it belongs. */
export function addWarmup(problem: Problem): Fix[] {
  const slot = problem.closest(ast.isLoadSlot);
  const block = slot?.inline ?? slot?.load?.ref?.body;
  const open = GrammarUtils.findNodeForKeyword(block?.$cstNode, '{');
  if (block === undefined || open === undefined || AstUtils.getDocument(block) !== problem.document) return [];
  const first = spanOf(block.items[0]);
  const isMultiline = first !== undefined && problem.text.text.slice(open.end, first.start).includes('\n');
  const at = first?.start ?? open.end;
  const next = isMultiline ? `\n${problem.text.indentAt(at)}` : '  ';
  return fix('Add `warmup 10 requests`', [problem.text.insert(at, `warmup 10 requests${next}`)]);
}

export function addLoad(problem: Problem): Fix[] {
  const item = 'rate 10 rps poisson for 1 min';
  return fix(`Add \`${item}\``, problem.addItem(problem.closest(ast.isStage), item));
}

/** The diagnostic says which clause; numbers for its `…`. */
export function addEnd(problem: Problem): Fix[] {
  const clause = problem.fact('clause').replace('…', '5 min');
  return fix(`Add \`${clause}\``, problem.addItem(problem.closest(ast.isStage), clause));
}

export function addStatistic(problem: Problem): Fix[] {
  const isMonitor =
    problem.fact('metric').includes('.') && problem.closest(ast.isLimit)?.subject?.monitor?.ref !== undefined;
  const statistics = isMonitor ? ['max', 'mean', 'p95'] : ['p95', 'p99', 'p50', 'mean'];
  return statistics.flatMap((each, index) =>
    fix(`Write \`${problem.fact('metric')} ${each}\``, [problem.text.insert(problem.end, ` ${each}`)], index === 0),
  );
}

export function flipComparison(problem: Problem): Fix[] {
  const flipped = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' }[problem.written];
  return flipped === undefined ? [] : fix(`Change to \`${flipped}\``, [problem.replace(flipped)]);
}

/** Behind the limit's value: the requests' own limits. */
export function addGoodputLimits(problem: Problem): Fix[] {
  const end = spanOf(problem.closest(ast.isLimit))?.end;
  const words = 'where ttft < 200 ms and e2e < 5 s';
  return end === undefined ? [] : fix(`Add \`${words}\``, [problem.text.insert(end, ` ${words}`)]);
}

export function addBaseline(problem: Problem): Fix[] {
  const end = spanOf(problem.closest(ast.isLimit))?.end;
  const words = 'against "./baselines/main.json"';
  return end === undefined ? [] : fix(`Add \`${words}\``, [problem.text.insert(end, ` ${words}`)]);
}

export function addLimit(problem: Problem): Fix[] {
  const block = problem.closest(ast.isSla)?.body ?? problem.closest(ast.isExpect)?.inline;
  return fix('Add `error-rate < 1 %`', problem.addItem(block, 'error-rate < 1 %'));
}

/** The benchmark that lacks it stands in this file: it is named in the message. */
export function watchMonitor(problem: Problem): Fix[] {
  const monitor = problem.fact('monitor');
  const benchmark = benchmarkNamed(problem, problem.fact('benchmark'));
  const watch = benchmark?.items.findLast(ast.isWatch);
  const last = watch?.monitors.at(-1)?.$refNode;
  if (last !== undefined) return fix(`Watch \`${monitor}\``, [problem.text.insert(last.end, `, ${monitor}`)]);
  return watch === undefined ? fix(`Watch \`${monitor}\``, problem.addItem(benchmark, `watch ${monitor}`)) : [];
}

function benchmarkNamed({ document }: Problem, name: string): ast.Benchmark | undefined {
  const file = document.parseResult.value;
  return ast.isBenchFile(file)
    ? file.declarations.filter(ast.isBenchmark).find((each) => each.name === name)
    : undefined;
}

/** The highest of the usual percentiles that so few requests can support. */
export function lowerPercentile(problem: Problem): Fix[] {
  const planned = Number(problem.fact('planned'));
  const written = problem.fact('statistic');
  const able = ['p99', 'p95', 'p90', 'p75', 'p50'].find((each) => {
    const quantile = quantileOf(each) ?? 1;
    return quantile < (quantileOf(written) ?? 0) && planned >= valuesNeeded(quantile);
  });
  const limit = problem.closest(ast.isLimit);
  const at = GrammarUtils.findNodeForProperty(limit?.$cstNode, 'statistic');
  if (able === undefined || at === undefined) return [];
  return fix(
    `Change to \`${able}\`, which ${planned} requests can tell`,
    [problem.text.replace(at.offset, at.end, able)],
    false,
  );
}

export function addGpus(problem: Problem): Fix[] {
  const limit = problem.closest(ast.isLimit);
  const name = problem.fact('backend');
  const file = problem.document.parseResult.value;
  const backend = ast.isBenchFile(file)
    ? file.declarations.filter(ast.isBackend).find((each) => each.name === name)
    : undefined;
  const inline = benchmarkNamed(problem, name)?.items.findLast(ast.isOn)?.inline;
  if (limit === undefined && backend === undefined && inline === undefined) return [];
  return fix('Add `gpus 1` to the backend', problem.addItem(backend?.body ?? inline, 'gpus 1'));
}

/** What more may be in flight: as much as is asked for. */
export function raiseInFlight(problem: Problem): Fix[] {
  const needed = (problem.fact('users') || problem.fact('expected')).replaceAll(/[^\d.]/g, '');
  const block = problem.closest(ast.isLoadBlock) ?? problem.closest(ast.isLoadSlot)?.load?.ref?.body;
  const limit = block?.items.find(ast.isInFlight)?.limit;
  const span = spanOf(limit);
  if (span === undefined || needed === '' || AstUtils.getDocument(block ?? ({} as AstNode)) !== problem.document)
    return [];
  return fix(
    `Allow ${needed} in flight`,
    [problem.text.replace(span.start, span.end, String(Math.ceil(Number(needed))))],
    false,
  );
}

/** The largest step that reaches the end. */
export function dividingStep(problem: Problem): Fix[] {
  const stage = problem.closest(ast.isStage);
  const step = spanOf(stage?.clauses.find((each) => each.$type === 'StepClause')?.value);
  const rate = stage?.clauses.find((each) => each.$type === 'RateClause' || each.$type === 'UsersClause')?.value;
  if (step === undefined || rate?.$type !== 'Range') return [];
  const numberIn = (span: { start: number; end: number } | undefined): number =>
    span === undefined
      ? Number.NaN
      : Number.parseFloat(problem.text.text.slice(span.start, span.end).replaceAll('_', ''));
  const [from, to, height] = [spanOf(rate.from), spanOf(rate.to), step].map(numberIn);
  const distance = Math.abs((to ?? Number.NaN) - (from ?? Number.NaN));
  const better = distance / Math.ceil(distance / (height ?? Number.NaN));
  const written = problem.text.text.slice(step.start, step.end);
  if (!Number.isFinite(better)) return [];
  const newText = written.replace(/^[\d_.]+/, String(Math.round(better * 1000) / 1000));
  return fix(`Change the step to \`${newText}\``, [problem.text.replace(step.start, step.end, newText)], false);
}

export function addVary(problem: Problem): Fix[] {
  const params = problem.around.namesHere('Param');
  const [backends, [param]] = [problem.around.namesHere('Backend'), params];
  const item = param === undefined ? `vary on in [${backends.join(', ')}]` : `vary ${param} in []`;
  if (param === undefined && backends.length === 0) return [];
  return fix(`Add \`${item}\``, problem.addItem(problem.closest(ast.isSweep), item));
}

export function addSide(problem: Problem): Fix[] {
  const compare = problem.closest(ast.isCompare);
  const roles = new Set((compare?.items ?? []).filter(ast.isSide).map(({ role }) => role));
  const benchmarks = problem.around.namesHere('Benchmark');
  const role = (['baseline', 'candidate'] as const).find((each) => !roles.has(each));
  const baseline = compare?.items.filter(ast.isSide).find((each) => each.role === 'baseline')?.benchmark?.$refText;
  const name = benchmarks.find((each) => each !== baseline) ?? benchmarks[0];
  if (role === undefined || name === undefined) return [];
  const backends = problem.around.namesHere('Backend');
  const on = name === baseline && backends.length > 0 ? ` on ${backends.at(-1) ?? ''}` : '';
  return fix(`Add \`${role} ${name}${on}\``, problem.addItem(compare, `${role} ${name}${on}`));
}

export function freshPrefixOn(problem: Problem): Fix[] {
  const name = problem.fact('source') || problem.fact('dataset');
  const file = problem.document.parseResult.value;
  const dataset = ast.isBenchFile(file)
    ? file.declarations.filter(ast.isDataset).find((each) => each.name === name)
    : undefined;
  const block = dataset?.body ?? problem.closest(ast.isSend)?.inline;
  const value = spanOf(block?.items.filter(ast.isProperty).find((each) => each.name === 'fresh-prefix')?.value);
  return value === undefined
    ? []
    : fix('Change to `fresh-prefix on`', [problem.text.replace(value.start, value.end, 'on')]);
}

export function maxOrMin(problem: Problem): Fix[] {
  if (problem.fact('suggestion') !== '') return [];
  return ['max', 'min'].flatMap((each) => fix(`Change to \`${each}\``, [problem.replace(each)], false));
}

const MODEST_LIMITS = 'expect { ttft p95 < 500 ms  error-rate < 1 % }';

/** What a search or a progressive sweep must not break: an SLA there is, else limits for the benchmark to begin with. */
export function addLimitsToMeet(problem: Problem): Fix[] {
  const find = problem.closest(ast.isFind) ?? problem.closest(ast.isSearch)?.items.find(ast.isFind);
  const [sla] = problem.around.namesHere('Sla');
  const end = spanOf(find?.range)?.end;
  const meeting =
    sla === undefined || end === undefined
      ? []
      : fix(`Add \`meeting ${sla}\``, [problem.text.insert(end, ` meeting ${sla}`)]);
  const study = problem.closest((node): node is ast.Search | ast.Sweep => ast.isSearch(node) || ast.isSweep(node));
  const benchmark = study?.benchmark?.ref;
  const isHere = benchmark !== undefined && AstUtils.getDocument(benchmark) === problem.document;
  const expected = isHere
    ? fix(
        `Add \`${MODEST_LIMITS}\` to \`${benchmark.name}\``,
        problem.addItem(benchmark, MODEST_LIMITS),
        meeting.length === 0,
      )
    : [];
  return [...meeting, ...expected];
}
