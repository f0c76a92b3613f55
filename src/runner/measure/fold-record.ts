/**
 * From a result directory's record to its report: streams the files once, in bounded memory, whether the run ended well or was
 * killed. The one place where a report comes from: at the end of a run, and when it is made again later.
 */
import { RunError } from '../../contract/errors.ts';
import { findMetric } from '../../contract/metrics.ts';
import type { DatasetPlan, RunPlan } from '../../contract/plan.ts';
import { RESULT_FILES, type RunEventRecord } from '../../contract/record.ts';
import { REPORT_SCHEMA, type DistributionTable, type ReportData } from '../../contract/report.ts';
import { findFindings, type FindingEvidence } from './findings.ts';
import { distributionTable } from './fold/distribution-table.ts';
import { MonitorFold, summarizeMonitors } from './fold/monitor-fold.ts';
import { RunFold } from './fold/run-fold.ts';
import { RunTime } from './fold/run-time.ts';
import { seriesTable } from './fold/series-table.ts';
import { reportStage } from './fold/stage-report.ts';
import { readBaselines } from './baselines.ts';
import { reportBudget } from './budget.ts';
import { measuredSamples, summarizeMetrics } from './fold/summarize.ts';
import { endedEarly, judgeOutcome } from './outcome.ts';
import { isMonitorSample, isRequestRecord, isRunEvent, readPlan } from './record-check.ts';
import { readJsonLines, type LineTally } from './record-lines.ts';
import { roundNumbers } from './round-numbers.ts';
import { judgeSlas } from './sla.ts';
import { percentile } from './statistics/ranked-sample.ts';
import { judgeValidity, summarizeGenerator } from './validity.ts';

/** The files of one result directory. */
export interface RecordSource {
  /** For messages. */
  readonly directory: string;
  /** `undefined` where there is no such file. */
  readText(name: string): Promise<string | undefined>;
  /** Names of the parts of a file that grows (`partName`), in order; empty where there is none. */
  listParts(name: string): Promise<readonly string[]>;
  /** Nothing where there is no such file. A chunk is valid until the next is asked for. */
  readChunks(name: string): AsyncIterable<Uint8Array>;
  /** Whether the run still goes on, in a process that is alive. */
  isRunning?(): Promise<boolean>;
  /** Text of another file by its absolute path, e.g. a baseline; of a directory its report.json. */
  readElsewhere(path: string): Promise<string | undefined>;
}

/** @throws RunError RUN_RECORD_UNREADABLE when there is no plan, or nothing says that the run began. */
export async function foldRecord(
  source: RecordSource,
): Promise<{ readonly plan: RunPlan; readonly report: ReportData }> {
  const plan = readPlan(await source.readText(RESULT_FILES.plan), source.directory);
  const tally: LineTally = { read: 0, unreadable: 0, torn: 0 };
  const read = async <T>(name: string, is: (value: unknown) => value is T, take: (value: T) => void): Promise<void> => {
    for (const part of await source.listParts(name))
      await readJsonLines(source.readChunks(part), tally, (value) => {
        if (is(value)) take(value);
        else tally.unreadable++;
      });
  };
  const recorded: RunEventRecord[] = [];
  let late: RunEventRecord | undefined;
  await read(RESULT_FILES.events, isRunEvent, (event) => {
    if (event.type === 'server.late') late = event;
    else recorded.push(event);
  });
  if (late !== undefined) recorded.push(late);
  const time = new RunTime(recorded);
  const events = time.events(recorded);
  const run = new RunFold(plan, events, time);
  await read(RESULT_FILES.requests, isRequestRecord, (record) => run.add(record));
  const lastMs = events.reduce((latest, { atMs }) => Math.max(latest, atMs), run.lastInstantMs);
  if (!events.some(({ type }) => type === 'run.ended')) run.cutAt(lastMs);
  const window = measuredWindow(run);
  const monitors = new MonitorFold(plan.monitors, window.contains);
  await read(RESULT_FILES.monitors, isMonitorSample, (sample) => {
    if (!time.isAside(sample.atMs)) monitors.add({ ...sample, atMs: time.of(sample.atMs) });
  });
  const baselines = await readBaselines(plan, source);
  const report = assemble({
    plan,
    events,
    run,
    monitors,
    window,
    baselines,
    unreadable: tally.unreadable + (isExpectedTorn(recorded) ? 0 : tally.torn),
    lastMs,
    isRunning: (await source.isRunning?.()) === true,
    source,
  });
  return { plan, report: roundNumbers(report) };
}

/** Whether the writer was stopped at some time: then a last line without its end is what that leaves. */
function isExpectedTorn(recorded: readonly RunEventRecord[]): boolean {
  return recorded.some(({ type }) => type === 'run.resumed') || !recorded.some(({ type }) => type === 'run.ended');
}

interface MeasuredWindow {
  readonly fromMs: number;
  readonly toMs: number;
  contains(atMs: number): boolean;
}

function measuredWindow(run: RunFold): MeasuredWindow {
  const stages = [...run.stages.values()];
  const fromMs = Math.min(...stages.map(({ window }) => window.startMs));
  const toMs = Math.max(...stages.map(({ endMs }) => endMs));
  return { fromMs, toMs, contains: (atMs) => atMs >= fromMs && atMs <= toMs };
}

interface Folded {
  readonly plan: RunPlan;
  readonly events: readonly RunEventRecord[];
  readonly run: RunFold;
  readonly monitors: MonitorFold;
  readonly window: MeasuredWindow;
  readonly baselines: ReadonlyMap<string, ReportData>;
  readonly unreadable: number;
  /** Last moment the record speaks of. */
  readonly lastMs: number;
  readonly isRunning: boolean;
  readonly source: RecordSource;
}

function assemble(folded: Folded): ReportData {
  const { plan, events, run, window, baselines, unreadable, isRunning, source } = folded;
  const started = events.find((event) => event.type === 'run.started');
  if (started === undefined)
    throw new RunError('RUN_RECORD_UNREADABLE', `${source.directory} says nowhere that a run began.`, {
      hint: 'The runner was ended before it could write anything; there is nothing to report.',
    });
  const ended = events.findLast((event) => event.type === 'run.ended');
  const isTorn = ended === undefined;
  const durationMs = ended?.atMs ?? folded.lastMs;
  const inFlight = run.inFlight.build();
  const stages = [...run.stages.values()].map((stage) => ({
    fold: stage,
    report: reportStage(stage, inFlight),
    lag: stage.lag,
  }));
  const monitors = folded.monitors.build();
  const samples = measuredSamples(run.measured);
  const windowMs = run.throughputWindowMs;
  const hasWindow = window.toMs > window.fromMs;
  const metrics = summarizeMetrics(
    run.measured,
    samples,
    windowMs,
    hasWindow ? inFlight.meanIn(window.fromMs, window.toMs) : 0,
  );
  const inFlightPeak = inFlight.peakIn(0, Number.POSITIVE_INFINITY);
  const { inFlightLimit } = plan.load;
  const generator = events.flatMap((event) =>
    event.type === 'generator' && window.contains(event.atMs) ? [event.sample] : [],
  );
  const requests = run.measured.counts;
  const sla = judgeSlas(plan, {
    fold: run.measured,
    samples,
    metrics,
    windowMs,
    monitors,
    baseline: (path) => baselines.get(path),
  });
  const lag = run.generatorLag;
  const scheduleLag = lag.count === 0 ? {} : { scheduleLag: { p99Ms: percentile(lag, 0.99), maxMs: lag.max } };
  const validity = judgeValidity({
    requests,
    ...scheduleLag,
    cacheHits: asksForFreshPrompts(plan.dataset) ? run.cacheHits : 0,
    stages: stages.map(({ report }) => report),
    deliveries: stages.map(({ fold: { scheduled, sentWithin, first, rest } }) => ({
      due: scheduled,
      sentWithin,
      first,
      rest,
    })),
    generator,
    events,
    inFlightLimit,
    inFlightPeak,
    uncounted: plan.backend.tokenizer.kind === 'none' ? 0 : run.uncounted,
    beyondAsked: { ...run.beyondAsked, ratio: run.beyondAsked.tokens / Math.max(1, run.measured.tokens.output) },
    unreadableLines: unreadable,
    isOver: !isRunning,
    isTorn: isTorn && !isRunning,
  });
  const early = endedEarly(events, isTorn, isRunning);
  const sessions = run.sessions.build();
  const parts = run.parts?.build();
  return {
    schema: REPORT_SCHEMA,
    run: {
      id: started.id,
      benchmark: plan.benchmark,
      ...(plan.doc === undefined ? {} : { doc: plan.doc }),
      file: plan.source.file,
      textSha256: plan.source.textSha256,
      startedAt: started.startedAt,
      endedAt: ended?.endedAt ?? new Date(Date.parse(started.startedAt) + durationMs).toISOString(),
      durationMs,
      ...judgeOutcome({ early: early?.outcome, requests, sla, validity: validity.verdict }),
      version: started.version,
      seed: plan.seed,
      workers: started.workers,
      params: plan.params,
      ...(early === undefined ? {} : { error: early.error }),
      ...(isTorn ? (isRunning ? { running: true } : { torn: true }) : {}),
      ...resumesOf(events),
    },
    validity: {
      ...validity,
      generator: summarizeGenerator({ generator, ...scheduleLag }),
      preflight: events.findLast((event) => event.type === 'preflight')?.checks ?? [],
      ...calibrationOf(events),
    },
    ...reportBudget(plan, events, { ...run.usage, durationMs }),
    environment: started.environment,
    backend: describeBackend(plan, started.simulatorUrl),
    dataset: { name: plan.dataset.name, source: plan.dataset.source },
    requests,
    windowMs,
    failures: run.failures,
    ...(run.warmup.requests > 0 ? { warmup: run.warmup } : {}),
    ...(sessions === undefined ? {} : { sessions }),
    ...(parts === undefined ? {} : { parts }),
    metrics,
    stages: stages.map(({ report }) => report),
    sla,
    monitors: summarizeMonitors(monitors),
    findings: findFindings({
      requests,
      failures: run.failures,
      stages,
      fold: run.measured,
      inFlightLimit,
      inFlightPeak,
      monitors,
      ...addressesOf(plan, events),
    }),
    series: seriesTable({
      fold: run.series,
      inFlight,
      monitors,
      generator: events.filter((event) => event.type === 'generator'),
      windows: stages.map(({ fold }) => ({ ...fold.window, endMs: fold.endMs })),
      durationMs,
    }),
    distributions: distributionsOf(samples),
  };
}

function resumesOf(events: readonly RunEventRecord[]): Pick<ReportData['run'], 'resumed'> {
  const resumed = events
    .filter((event) => event.type === 'run.resumed')
    .map(({ stoppedAt, resumedAt, stage, atMs, lost, conversations }) => {
      const gapMs = Date.parse(resumedAt) - Date.parse(stoppedAt);
      return {
        stoppedAt,
        resumedAt,
        gapMs,
        stage,
        atMs,
        lost,
        ...(conversations === undefined ? {} : { conversations }),
      };
    });
  return resumed.length === 0 ? {} : { resumed };
}

/** Each address once: a run that was resumed saw them again. */
function addressesOf(
  { backend }: RunPlan,
  events: readonly RunEventRecord[],
): Pick<FindingEvidence, 'host' | 'addresses'> {
  const first = new Map<string, number>();
  for (const event of events)
    if (event.type === 'server.address' && !first.has(event.address)) first.set(event.address, event.atMs);
  return {
    host: backend.url === undefined ? backend.name : new URL(backend.url).host,
    addresses: Array.from(first, ([address, atMs]) => ({ address, atMs })),
  };
}

/** Turns of a conversation, shared prefixes and prompts that are sent as they are may be known to the server: that is the experiment. */
function asksForFreshPrompts({ freshPrefix, options, mix }: DatasetPlan): boolean {
  if (mix !== undefined) return mix.every(({ dataset }) => asksForFreshPrompts(dataset));
  return freshPrefix && options['sharedPrefixRatio'] === undefined && (options['turns'] ?? 'first') === 'first';
}

function calibrationOf(events: readonly RunEventRecord[]): Pick<ReportData['validity'], 'calibration'> {
  const calibration = events.findLast((event) => event.type === 'calibration')?.calibration;
  return calibration === undefined ? {} : { calibration };
}

function describeBackend({ backend }: RunPlan, simulatorUrl: string | undefined): ReportData['backend'] {
  const url = backend.url ?? simulatorUrl;
  return {
    name: backend.name,
    protocol: backend.protocol,
    ...(url === undefined ? {} : { url }),
    ...(backend.model === undefined ? {} : { model: backend.model }),
  };
}

/** Metrics whose spread is drawn. */
const SPREAD = ['ttft', 'itl', 'tpot', 'e2e'] as const;

function distributionsOf(samples: ReturnType<typeof measuredSamples>): Record<string, DistributionTable> {
  return Object.fromEntries(
    SPREAD.flatMap((id) => {
      const measured = samples.get(id);
      const metric = findMetric(id);
      return measured === undefined || metric === undefined
        ? []
        : [[metric.key, distributionTable(measured.sample, metric.unit)]];
    }),
  );
}
