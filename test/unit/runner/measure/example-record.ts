/** A result directory in memory. */
import type { RequestRecord } from '../../../../src/contract/outcome.ts';
import type { RunPlan } from '../../../../src/contract/plan.ts';
import {
  partName,
  type GeneratorSample,
  type MonitorSample,
  type RunEventRecord,
} from '../../../../src/contract/record.ts';
import type { ReportData } from '../../../../src/contract/report.ts';
import { foldRecord, type RecordSource } from '../../../../src/runner/measure/fold-record.ts';
import { renderRecordLine } from '../../../../src/runner/measure/record-line.ts';

export const CALM: GeneratorSample = {
  loopLagMsP99: 1,
  loopLagMsMax: 3,
  cpuRatio: 0.2,
  gcPauseMsMax: 2,
  scheduleLagMsP99: 0.5,
  scheduleLagMsMax: 2,
  sockets: 10,
  clockSkewMs: 0,
};

export interface ExampleRecord {
  readonly plan: RunPlan;
  readonly records: readonly RequestRecord[];
  readonly monitors?: readonly MonitorSample[];
  /** In place of those of a run that ended well. */
  readonly events?: readonly RunEventRecord[];
  /** Other files by absolute path. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

/** Events of a run whose stages follow one another from `startMs` on, each as long as its plan says (else `lengthMs`). */
export function eventsOf(
  plan: RunPlan,
  {
    startMs = 0,
    lengthMs = 1_000,
    sample = CALM,
  }: { startMs?: number; lengthMs?: number; sample?: GeneratorSample } = {},
): readonly RunEventRecord[] {
  let atMs = startMs;
  const stages = plan.load.stages.flatMap(({ name, until }, index): RunEventRecord[] => {
    const from = atMs;
    atMs += until.kind === 'time' ? until.durationMs : lengthMs;
    return [
      { type: 'stage.started', atMs: from, stage: name, index },
      { type: 'generator', atMs: (from + atMs) / 2, sample },
      { type: 'stage.ended', atMs, stage: name, index },
    ];
  });
  return [STARTED, ...stages, { type: 'run.ended', atMs: atMs + 1_000, endedAt: '2026-11-21T10:00:10.000Z' }];
}

export const STARTED: RunEventRecord = {
  type: 'run.started',
  atMs: 0,
  id: 'run-1',
  startedAt: '2026-11-21T10:00:00.000Z',
  version: '0.1.0',
  environment: {
    cpu: 'Example CPU',
    cpuCount: 8,
    memoryBytes: 2 ** 34,
    os: 'Linux',
    node: 'v24.0.0',
    hostname: 'bench',
  },
  workers: 1,
};

export function fileTexts({ plan, records, monitors = [], events }: ExampleRecord): Record<string, string> {
  const lines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
  return {
    'plan.json': JSON.stringify(plan),
    'requests.jsonl': records.map(renderRecordLine).join(''),
    'events.jsonl': lines(events ?? eventsOf(plan)),
    'monitors.jsonl': lines(monitors),
  };
}

export function sourceOf(
  files: Readonly<Record<string, string>>,
  elsewhere: Readonly<Record<string, string>> = {},
): RecordSource {
  return {
    directory: '/results/one',
    readText: async (name) => files[name],
    listParts: async (name) =>
      Array.from({ length: 9 }, (_, part) => partName(name, part + 1)).filter((part) => files[part] !== undefined),
    async *readChunks(name) {
      const bytes = new TextEncoder().encode(files[name] ?? '');
      // An odd size, so that lines and characters are cut anywhere.
      for (let from = 0; from < bytes.length; from += 977) yield bytes.subarray(from, from + 977);
    },
    readElsewhere: async (path) => elsewhere[path],
  };
}

export async function reportOf(example: ExampleRecord): Promise<ReportData> {
  return (await foldRecord(sourceOf(fileTexts(example), example.elsewhere))).report;
}
