/** Messages between the extension and the dashboard. What comes from the webview is checked: it is not trusted. */
import { RATE_STEPS, type RateStep } from '../rate-steps.ts';
import type { ReportData, SlaResult } from '../report.ts';
import type { Snapshot } from '../snapshot.ts';
import type { RunErrorData } from '../errors.ts';

/** What the dashboard shows before the first snapshot. */
export interface DashboardHeader {
  readonly benchmark: string;
  readonly file: string;
  readonly backend: string;
  readonly dataset: string;
  readonly warmup?: { readonly durationMs?: number; readonly requests?: number };
  readonly stages: readonly { readonly name: string; readonly durationMs?: number; readonly requests?: number }[];
  readonly slas: readonly {
    readonly text: string;
    readonly line: number;
    readonly metric: string;
    readonly limit: number;
    readonly unit: string;
    /** `<`, `<=`, `>` or `>=`. */
    readonly comparison: string;
    /** `p95` … for a limit on a statistic. */
    readonly statistic?: string;
  }[];
  readonly monitors: readonly string[];
}

export type ToDashboard =
  | { readonly type: 'reset'; readonly runId: string; readonly header: DashboardHeader; readonly startedAt: string }
  /** Snapshots so far, after the webview was (re)loaded: the whole run in bins (snapshot-history.ts), and the newest ones finer. */
  | { readonly type: 'history'; readonly snapshots: readonly Snapshot[]; readonly recent?: readonly Snapshot[] }
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'alert'; readonly text: string; readonly atMs: number }
  | { readonly type: 'stopping'; readonly message: string }
  | {
      readonly type: 'finished';
      readonly outcome: ReportData['run']['outcome'];
      readonly validity: ReportData['validity'];
      readonly sla: readonly SlaResult[];
      /** The report's own figures, in place of the live estimates. */
      readonly metrics?: ReportData['metrics'];
      readonly requests?: ReportData['requests'];
      /** Where the dataset is a mix. */
      readonly parts?: NonNullable<ReportData['parts']>;
      readonly error?: RunErrorData;
      readonly hasReport: boolean;
    }
  /** `canMakeReport`: the record is there, and `openReport` makes the report from it. */
  | { readonly type: 'failed'; readonly error: RunErrorData; readonly canMakeReport?: boolean };

export type FromDashboard =
  | { readonly type: 'ready' }
  | { readonly type: 'stop' }
  | { readonly type: 'abort' }
  /** A step, not a factor: steps that follow each other quickly add up, whatever the page has been told by then. */
  | { readonly type: 'changeRate'; readonly step: RateStep }
  | { readonly type: 'openReport' }
  | { readonly type: 'runAgain' }
  | { readonly type: 'reveal'; readonly line: number };

const FROM_DASHBOARD: ReadonlySet<string> = new Set<FromDashboard['type']>([
  'ready',
  'stop',
  'abort',
  'changeRate',
  'openReport',
  'runAgain',
  'reveal',
]);

export function isFromDashboard(message: unknown): message is FromDashboard {
  if (typeof message !== 'object' || message === null) return false;
  const { type, line, step } = message as { type?: unknown; line?: unknown; step?: unknown };
  return (
    typeof type === 'string' &&
    FROM_DASHBOARD.has(type) &&
    (type !== 'reveal' || (typeof line === 'number' && Number.isInteger(line) && line > 0)) &&
    (type !== 'changeRate' || RATE_STEPS.some((each) => each === step))
  );
}
