/** Names and line types of the files in a result directory. requests.jsonl is `RequestRecord` (outcome.ts) per line. */

export const RESULT_FILES = {
  requests: 'requests.jsonl',
  monitors: 'monitors.jsonl',
  /** One RunEventRecord per line: what happened in the run besides requests. */
  events: 'events.jsonl',
  plan: 'plan.json',
  log: 'run.log',
  report: 'report.json',
  html: 'report.html',
  markdown: 'report.md',
  summaryCsv: 'summary.csv',
  seriesCsv: 'series.csv',
  junit: 'junit.xml',
  /** In `<file>.results/`. */
  latest: 'latest.json',
} as const;

/** latest.json: names the newest result; `state` is `running` while it grows, so a reader can tell a live or killed run from a finished one. */
export interface LatestResult {
  readonly schema: 'benchwright/latest@1';
  /** Directory name beside latest.json. */
  readonly directory: string;
  readonly benchmark: string;
  readonly state: 'running' | 'finished';
  /** Process id of the runner while running. */
  readonly pid?: number;
  readonly startedAt: string;
}

/** One line of monitors.jsonl. */
export interface MonitorSample {
  readonly monitor: string;
  /** Device within the monitor: `cpu`, `gpu0`, `eth0`; empty for the whole. */
  readonly device: string;
  readonly atMs: number;
  /** Series id (catalog) → value in its base unit. */
  readonly values: Readonly<Record<string, number>>;
}

/** One line of events.jsonl: everything the report needs besides requests and monitors, so that a torn record is enough. */
export type RunEventRecord =
  | {
      readonly type: 'run.started';
      readonly atMs: 0;
      readonly id: string;
      readonly startedAt: string;
      readonly version: string;
      readonly environment: EnvironmentData;
      readonly workers: number;
      readonly simulatorUrl?: string;
      /** The run's begin on the machine's own monotonic clock (`process.hrtime`), in ms: relates instants to other records of this machine. */
      readonly monotonicMs?: number;
    }
  | { readonly type: 'preflight'; readonly atMs: number; readonly checks: readonly PreflightCheck[] }
  | { readonly type: 'stage.started'; readonly atMs: number; readonly stage: string; readonly index: number }
  | { readonly type: 'stage.ended'; readonly atMs: number; readonly stage: string; readonly index: number }
  | { readonly type: 'generator'; readonly atMs: number; readonly sample: GeneratorSample }
  | {
      readonly type: 'alert';
      readonly atMs: number;
      readonly monitor: string;
      readonly text: string;
      readonly value: number;
    }
  | {
      readonly type: 'server.late';
      readonly atMs: number;
      readonly latenessMsP99: number;
      readonly latenessMsMax: number;
    }
  | {
      readonly type: 'stopping';
      readonly atMs: number;
      readonly why: 'user-stop' | 'user-abort' | 'disk-full' | 'budget' | 'host-gone' | 'worker-died';
      readonly message: string;
    }
  | { readonly type: 'run.ended'; readonly atMs: number; readonly endedAt: string };

/** What the generator knew of itself over the last interval (about a second), worst over workers where not said otherwise. */
export interface GeneratorSample {
  readonly loopLagMsP99: number;
  readonly loopLagMsMax: number;
  /** Busy share of the busiest worker thread, 0…1. */
  readonly cpuRatio: number;
  readonly gcPauseMsMax: number;
  /** Time requests were handed over after they were due, for reasons of the generator (not of the in-flight limit). */
  readonly scheduleLagMsP99: number;
  readonly scheduleLagMsMax: number;
  /** Open sockets over all workers. */
  readonly sockets: number;
  /** Wall clock against monotonic clock since the run began: a step shows as a jump. */
  readonly clockSkewMs: number;
}

export interface PreflightCheck {
  readonly code: string;
  readonly ok: boolean;
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly hint?: string;
}

export interface EnvironmentData {
  readonly cpu: string;
  readonly cpuCount: number;
  readonly memoryBytes: number;
  readonly os: string;
  readonly node: string;
  readonly hostname: string;
  /** Host, port and what its `Server` header or model list said, never credentials. */
  readonly engine?: { readonly url: string; readonly server?: string; readonly models?: readonly string[] };
  readonly gpus?: readonly { readonly id: string; readonly name: string; readonly memoryBytes?: number }[];
}
