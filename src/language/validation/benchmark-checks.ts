/** Benchmarks: their slots, and what the whole plan tells that no part of it does. */
import { GrammarUtils } from 'langium';
import { REPORTS, findReport } from '../../contract/catalog/reports.ts';
import { nearest } from '../../contract/nearest.ts';
import {
  isBackend,
  isDataset,
  isLoad,
  isLoadSlot,
  isMonitor,
  isOn,
  isSend,
  isStage,
  isWatch,
  type Benchmark,
  type BenchmarkItem,
  type Report,
} from '../ast.ts';
import { lowerBenchmark, partsOf, type BenchmarkParts } from '../lowering/lower-benchmark.ts';
import { Lowering } from '../lowering/lowering.ts';
import { benchmarkItems, loadItems } from '../schema/bodies.ts';
import { coerce } from '../values/coerce.ts';
import { evaluate } from '../values/evaluate.ts';
import { listed } from '../values/wording.ts';
import { missingInBackend } from './backend-checks.ts';
import { lacksMonitorSource, lacksSource } from './dataset-checks.ts';
import type { Check, CheckContext } from './check.ts';
import { mayHaveGaps } from './gaps.ts';
import { checkConflictingSlas } from './limit-conflicts.ts';
import { checkPlan } from './plan-checks.ts';

export const checkBenchmark: Check<Benchmark> = (benchmark, context) => {
  checkSlotsOnce(benchmark, context);
  const parts = partsOf(benchmark);
  const items = benchmarkItems(benchmark);
  const missing = [
    ...(items.some(isOn) ? [] : ['on']),
    ...(items.some(isSend) ? [] : ['send']),
    ...(items.some(isLoadSlot) ? [] : ['load']),
  ];
  if (missing.length > 0) {
    if (!mayHaveGaps(benchmark))
      context.report('BENCH7001', { node: benchmark, property: 'name' }, { slots: listed(missing) });
    return;
  }
  checkParts(benchmark, parts, context);
  if (parts.slas.length > 1) checkConflictingSlas(benchmark, parts.slas, context);
  const lowering = new Lowering(context.environment, context.parseValue);
  const plan = lowerBenchmark(benchmark, { file: '', textSha256: '', params: {} }, lowering);
  if (plan !== undefined) checkPlan(plan, benchmark, parts, context);
};

/** What others extend is not checked for gaps where it is declared, so its gaps show where it is used. */
function checkParts(benchmark: Benchmark, parts: BenchmarkParts, { report }: CheckContext): void {
  const { backend, dataset, load, monitors } = parts;
  const items = benchmarkItems(benchmark);
  const gap = (item: BenchmarkItem | undefined, name: string, missing: string): void =>
    report('BENCH4005', placeOf(benchmark, item), { what: `\`${name}\``, name: missing });
  const gaps = isBackend(backend) ? missingInBackend(backend) : [];
  if (isBackend(backend) && gaps.length > 0 && mayHaveGaps(backend))
    for (const missing of gaps) gap(items.findLast(isOn), backend.name, missing);
  if (isDataset(dataset) && lacksSource(dataset) && mayHaveGaps(dataset))
    gap(items.findLast(isSend), dataset.name, 'from');
  if (isLoad(load) && !loadItems(load).some(isStage) && mayHaveGaps(load))
    report('BENCH5010', placeOf(benchmark, items.findLast(isLoadSlot)), {});
  for (const monitor of monitors)
    if (isMonitor(monitor) && lacksMonitorSource(monitor) && mayHaveGaps(monitor))
      gap(items.findLast(isWatch), monitor.name, 'from');
}

/** A slot where it is written here, else the benchmark's name. */
export function placeOf(benchmark: Benchmark, item: BenchmarkItem | undefined): Parameters<CheckContext['report']>[1] {
  return item?.$container === benchmark ? { node: item } : { node: benchmark, property: 'name' };
}

function checkSlotsOnce(benchmark: Benchmark, { report }: CheckContext): void {
  const seen = new Set<string>();
  for (const item of benchmark.items) {
    const word = { On: 'on', Send: 'send', LoadSlot: 'load', Budget: 'budget', Report: 'report' }[item.$type as string];
    if (word === undefined) continue;
    if (seen.has(word)) report('BENCH4006', { node: item, keyword: word }, { name: word });
    seen.add(word);
  }
}

export const checkReport: Check<Report> = (node, { report, environment }) => {
  const known = REPORTS.map((each) => each.id);
  const places = GrammarUtils.findNodesForProperty(node.$cstNode, 'formats');
  const seen = new Set<string>();
  for (const [index, name] of node.formats.entries()) {
    const range = places[index]?.range;
    const place = { node, ...(range === undefined ? {} : { range }) };
    if (findReport(name) === undefined) report('BENCH4008', place, { name, suggestion: nearest(name, known) });
    else if (seen.has(name)) report('BENCH4006', place, { name });
    seen.add(name);
  }
  const { directory } = node;
  if (directory !== undefined) coerce(evaluate(directory, environment, report), { kind: 'text' }, directory, report);
};
