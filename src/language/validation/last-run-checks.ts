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
  if (last?.benchmark !== benchmark.name) return;
  const { meanMs: ms, startedAt } = last;
  const latency = { ms, why: `as the run of ${startedAt.slice(0, 10)} measured` };
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

interface LastRun {
  readonly benchmark: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Of `e2e`. */
  readonly meanMs: number;
}

/** `undefined` where there is no report, or none that says so: it lies on a disk, where anything may lie. */
async function readLastRun(folder: string, files: LanguageFileSystem): Promise<LastRun | undefined> {
  const latest = await readJson(`${folder}/${RESULT_FILES.latest}`, files);
  const directory = (latest as { directory?: unknown } | undefined)?.directory;
  if (typeof directory !== 'string' || /[\\/]|^\.\.?$/.test(directory)) return undefined;
  const report = (await readJson(`${folder}/${directory}/${RESULT_FILES.report}`, files)) as Partial<ReportData> | null;
  if (report?.schema !== REPORT_SCHEMA) return undefined;
  const { benchmark, startedAt } = report.run ?? {};
  const meanMs = (report.metrics?.e2e as { readonly mean?: unknown } | undefined)?.mean;
  if (typeof benchmark !== 'string' || typeof startedAt !== 'string' || typeof meanMs !== 'number') return undefined;
  return { benchmark, startedAt, meanMs };
}

async function readJson(path: string, files: LanguageFileSystem): Promise<unknown> {
  try {
    const bytes = await files.read(path, MOST_BYTES);
    return JSON.parse(decodeText(bytes));
  } catch {
    return undefined;
  }
}
