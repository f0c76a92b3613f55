/** What the last run of a benchmark tells of the next one. A slow check: it reads the result beside the scenario. */
import { AstUtils } from 'langium';
import { peakRate } from '../../contract/describe-plan.ts';
import { RESULT_FILES } from '../../contract/record.ts';
import { REPORT_SCHEMA, type ReportData } from '../../contract/report.ts';
import type { Benchmark } from '../ast.ts';
import { decodeText, type LanguageFileSystem } from '../file-system.ts';
import { lowerBenchmark, partsOf } from '../lowering/lower-benchmark.ts';
import { Lowering } from '../lowering/lowering.ts';
import type { Check } from './check.ts';
import { expectedLatency, inFlightFacts } from './plan-checks.ts';
import { largestRungs, stagePlace } from './plan-places.ts';

/** Longer reports are not read while somebody writes. */
const MOST_BYTES = 8_000_000;

/** Where neither the backend nor an SLA says how long a request takes, the last run does. */
export const checkInFlightFromLastRun: Check<Benchmark> = async (benchmark, context) => {
  const { uri } = AstUtils.getDocument(benchmark);
  const parts = partsOf(benchmark);
  const lowering = new Lowering(context.environment, context.parseValue);
  const plan = lowerBenchmark(benchmark, { file: '', textSha256: '', params: {} }, lowering);
  const limit = plan?.load.inFlightLimit;
  if (uri.scheme !== 'file' || plan === undefined || limit === undefined || expectedLatency(plan) !== undefined) return;
  const last = await readLastRun(`${uri.fsPath}.results`, context.files);
  const e2e = last?.metrics.e2e;
  if (last?.run.benchmark !== benchmark.name || e2e === undefined || !('mean' in e2e)) return;
  const ms = e2e.mean;
  const latency = { ms, why: `as the run of ${last.run.startedAt.slice(0, 10)} measured` };
  for (const stage of largestRungs(plan.load.stages)) {
    const { shape } = stage;
    if (shape.kind === 'open' && (peakRate(shape.rate) * ms) / 1000 > limit)
      context.report(
        'BENCH5016',
        stagePlace(stage, benchmark, parts),
        inFlightFacts(peakRate(shape.rate), limit, latency),
      );
  }
};

async function readLastRun(folder: string, files: LanguageFileSystem): Promise<ReportData | undefined> {
  const latest = await readJson(`${folder}/${RESULT_FILES.latest}`, files);
  const directory = (latest as { directory?: unknown } | undefined)?.directory;
  if (typeof directory !== 'string' || /[\\/]|^\.\.?$/.test(directory)) return undefined;
  const report = (await readJson(`${folder}/${directory}/${RESULT_FILES.report}`, files)) as ReportData | undefined;
  return report?.schema === REPORT_SCHEMA ? report : undefined;
}

async function readJson(path: string, files: LanguageFileSystem): Promise<unknown> {
  try {
    const bytes = await files.read(path, MOST_BYTES);
    return JSON.parse(decodeText(bytes));
  } catch {
    return undefined;
  }
}
