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
  /** The requests once more, as a table; only where it is asked for. */
  parquet: 'requests.parquet',
  /** In `<file>.results/`. */
  latest: 'latest.json',
} as const;

/**
 * Name of the n-th part, from 1, of a file that grows: `requests.jsonl`, `requests.2.jsonl`, `requests.3.jsonl` … A part is begun when the
 * one before it has become large, and when a run is resumed; none is ever written to again once the next has begun.
 */
export function partName(name: string, part: number): string {
  const dot = name.lastIndexOf('.');
  return part === 1 ? name : `${name.slice(0, dot)}.${part}${name.slice(dot)}`;
}

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
      /** At the head of prompts where the dataset wants one; a resumed run goes on with it. */
      readonly nonce?: string;
    }
  | RunResumedEvent
  | { readonly type: 'preflight'; readonly atMs: number; readonly checks: readonly PreflightCheck[] }
  | { readonly type: 'calibration'; readonly atMs: number; readonly calibration: CalibrationData }
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
  /** The server's name led here for the first time: the first connection to this address was open. */
  | { readonly type: 'server.address'; readonly atMs: number; readonly address: string }
  /** From this moment on the load is `factor` times what the plan asks for. */
  | { readonly type: 'rate.changed'; readonly atMs: number; readonly factor: number }
  | {
      readonly type: 'stopping';
      readonly atMs: number;
      readonly why: 'user-stop' | 'user-abort' | 'disk-full' | 'budget' | 'host-gone' | 'worker-died';
      /** Which part of the budget was spent. */
      readonly budget?: 'requests' | 'tokens' | 'cost' | 'time';
      readonly message: string;
    }
  | { readonly type: 'run.ended'; readonly atMs: number; readonly endedAt: string };

/**
 * The run was cut off, and goes on here: first with its warm-up once more, then, from its next `stage.started` on, with the load where it
 * had stopped. Instants in the record go on from where they ended, so what lies between is not in them.
 */
export interface RunResumedEvent {
  readonly type: 'run.resumed';
  readonly atMs: number;
  readonly resumedAt: string;
  /** The last moment that the record before it speaks of, by the wall clock. */
  readonly stoppedAt: string;
  readonly stage: string;
  /** Time of the run, without the warm-ups of resumes, at which the load goes on. */
  readonly continuesAtMs: number;
  /** Requests that were due and of which nothing is known: they were in flight when the runner was killed. */
  readonly lost: number;
  /** Conversations under way then, which are not taken up again: what was answered is not in the record. Absent: none. */
  readonly conversations?: number;
  readonly version: string;
  readonly workers: number;
  readonly simulatorUrl?: string;
  readonly monotonicMs?: number;
}

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

/** How far the generator's figures were off just before the run, against a simulator that noted when it wrote each token. */
export type CalibrationData =
  | {
      readonly state: 'measured';
      readonly workers: number;
      readonly streams: number;
      readonly requests: number;
      /** Gaps between tokens. */
      readonly gaps: number;
      /** Error of the reported percentile: measured less written, in ms. */
      readonly ttftErrorMs: { readonly p50: number; readonly p99: number };
      readonly itlErrorMs: { readonly p50: number; readonly p99: number };
      readonly tookMs: number;
    }
  /** `switched-off` by whoever started the run; `short-run`: it would have taken too large a part of the whole. */
  | { readonly state: 'skipped'; readonly why: 'switched-off' | 'short-run' }
  | { readonly state: 'failed'; readonly message: string };

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
