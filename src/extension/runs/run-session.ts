/** One run as the editor knows it: fed by the runner's events, read by dashboard, status bar, decorations and tests. */
import { RunError, type RunErrorData } from '../../contract/errors.ts';
import type { RunPlan } from '../../contract/plan.ts';
import type { ReportData } from '../../contract/report.ts';
import type { RunFinished, RunnerEvents } from '../../contract/protocol/runner.ts';
import type { DashboardHeader, ToDashboard } from '../../contract/protocol/webview.ts';
import { EMPTY_HISTORY, addSnapshot, type SnapshotHistory } from '../../contract/snapshot-history.ts';
import type { Snapshot } from '../../contract/snapshot.ts';
import { dashboardHeader } from '../dashboard/header.ts';
import { Emitter } from '../emitter.ts';

/** `lost`: nothing was measured, or the process is gone. */
export type SessionState = 'starting' | 'running' | 'stopping' | 'ended' | 'lost';

/** Who asked for the run; a test run of its own is not mirrored in the Testing view. */
export type RunOrigin = 'command' | 'test';

export interface RunTarget {
  /** Of the scenario. */
  readonly uri: string;
  readonly benchmark: string;
}

type Ending = Extract<ToDashboard, { type: 'finished' | 'failed' }>;

const KEPT_ALERTS = 50;

export class RunSession {
  readonly target: RunTarget;
  readonly origin: RunOrigin;
  readonly plan: RunPlan;
  readonly header: DashboardHeader;
  /** What dashboards are told, as it happens. */
  readonly onMessage = new Emitter<ToDashboard>();
  /** Something a person could see has changed. */
  readonly onChange = new Emitter<RunSession>();
  /** Resolves when the run is over, with whatever came out. */
  readonly over: Promise<RunSession>;

  #state: SessionState = 'starting';
  #runId: string;
  #startedAt: string;
  #directory: string | undefined;
  #history: SnapshotHistory = EMPTY_HISTORY;
  #latest: Snapshot | undefined;
  #alerts: Extract<ToDashboard, { type: 'alert' }>[] = [];
  #stopping: string | undefined;
  #ending: Ending | undefined;
  #finished: RunFinished | undefined;
  #error: RunErrorData | undefined;
  #resolveOver: (session: RunSession) => void = () => undefined;

  constructor(target: RunTarget, plan: RunPlan, origin: RunOrigin, startedAt: string) {
    this.target = target;
    this.plan = plan;
    this.origin = origin;
    this.header = dashboardHeader(plan);
    this.#startedAt = startedAt;
    this.#runId = `${plan.benchmark} ${startedAt}`;
    this.over = new Promise((resolve) => (this.#resolveOver = resolve));
  }

  get state(): SessionState {
    return this.#state;
  }
  get isOver(): boolean {
    return this.#state === 'ended' || this.#state === 'lost';
  }
  get runId(): string {
    return this.#runId;
  }
  get directory(): string | undefined {
    return this.#directory;
  }
  get latest(): Snapshot | undefined {
    return this.#latest;
  }
  get finished(): RunFinished | undefined {
    return this.#finished;
  }
  get error(): RunErrorData | undefined {
    return this.#error;
  }

  /** Everything a dashboard that was just opened has missed. */
  replay(): readonly ToDashboard[] {
    const { whole, recent } = this.#history;
    return [
      this.#reset(),
      ...(whole.length === 0 ? [] : [{ type: 'history', snapshots: whole, recent } as const]),
      ...this.#alerts,
      ...(this.#stopping === undefined ? [] : [{ type: 'stopping', message: this.#stopping } as const]),
      ...(this.#ending === undefined ? [] : [this.#ending]),
    ];
  }

  began(data: Pick<RunnerEvents['run.started'], 'runId' | 'directory' | 'startedAt'>): void {
    if (this.#runId === data.runId) return;
    this.#runId = data.runId;
    this.#directory = data.directory;
    this.#startedAt = data.startedAt;
    if (this.#state === 'starting') this.#state = 'running';
    this.#tell(this.#reset());
  }

  measured(snapshot: Snapshot): void {
    if (this.isOver) return;
    this.#history = addSnapshot(this.#history, snapshot);
    this.#latest = snapshot;
    this.#tell({ type: 'snapshot', snapshot });
  }

  alarmed({ monitor, text, atMs }: RunnerEvents['alert']): void {
    this.#alert(`${monitor}: ${text}`, atMs);
  }

  /** What was asked of the run and could not be done. */
  refused(message: string): void {
    if (!this.isOver) this.#alert(message, this.#latest?.atMs ?? 0);
  }

  #alert(text: string, atMs: number): void {
    const alert = { type: 'alert', text, atMs } as const;
    this.#alerts = [...this.#alerts, alert].slice(-KEPT_ALERTS);
    this.#tell(alert);
  }

  stopping(message: string): void {
    if (this.isOver) return;
    this.#state = 'stopping';
    this.#stopping = message;
    this.#tell({ type: 'stopping', message });
  }

  finish(finished: RunFinished): void {
    if (this.isOver) return;
    this.#finished = finished;
    this.#directory = finished.directory;
    this.#error = finished.error;
    this.#end('ended', finishedMessage(finished));
  }

  /** @param canMakeReport The record is on disk and nothing else is going to make the report. */
  lose(error: RunErrorData, canMakeReport = false): void {
    if (this.isOver) return;
    this.#error = error;
    this.#end('lost', { type: 'failed', error, canMakeReport });
  }

  #end(state: 'ended' | 'lost', ending: Ending): void {
    this.#state = state;
    this.#ending = ending;
    this.#tell(ending);
    this.#resolveOver(this);
  }

  #reset(): ToDashboard {
    return { type: 'reset', runId: this.#runId, header: this.header, startedAt: this.#startedAt };
  }

  #tell(message: ToDashboard): void {
    this.onMessage.fire(message);
    this.onChange.fire(this);
  }
}

export function finishedMessage(finished: RunFinished): Extract<ToDashboard, { type: 'finished' }> {
  return {
    type: 'finished',
    outcome: finished.outcome,
    validity: { ...finished.validity, generator: {}, preflight: [] },
    sla: finished.sla,
    metrics: finished.metrics,
    requests: finished.requests,
    ...(finished.parts === undefined ? {} : { parts: finished.parts }),
    hasReport: Object.keys(finished.files).length > 0,
    ...(finished.error === undefined ? {} : { error: finished.error }),
  };
}

export function interruptedError(message: string, hint?: string): RunErrorData {
  return new RunError('RUN_INTERRUPTED', message, { hint }).toData();
}

export function finishedFromReport(report: ReportData): Extract<ToDashboard, { type: 'finished' }> {
  return {
    type: 'finished',
    outcome: report.run.outcome,
    validity: report.validity,
    sla: report.sla,
    metrics: report.metrics,
    requests: report.requests,
    ...(report.parts === undefined ? {} : { parts: report.parts }),
    hasReport: true,
    ...(report.run.error === undefined ? {} : { error: report.run.error }),
  };
}

/** A run whose process was gone before it wrote a report. */
export function tornMessage(benchmark: string): Extract<ToDashboard, { type: 'failed' }> {
  const message = `The run of ${benchmark} was cut off before its report was written.`;
  const hint = 'What was measured until then is on disk: the report can be made from it.';
  return { type: 'failed', error: interruptedError(message, hint), canMakeReport: true };
}
