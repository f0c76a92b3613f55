/** Everything the dashboard shows, as one value: (state, message) → state. Bounded, whatever the run's length. */
import type { RunErrorData } from '../src/contract/errors.ts';
import type { DashboardHeader, ToDashboard } from '../src/contract/protocol/webview.ts';
import { EMPTY_HISTORY, addSnapshot, restoreHistory, type SnapshotHistory } from '../src/contract/snapshot-history.ts';
import type { Snapshot } from '../src/contract/snapshot.ts';

/** `lost`: the run could not be carried out, or its process is gone. */
export type Phase = 'empty' | 'starting' | 'running' | 'stopping' | 'ended' | 'lost';

/** When a stage was first seen, ms since the run began. */
export interface StageMark {
  readonly atMs: number;
  readonly name: string;
  readonly kind: Snapshot['stage']['kind'];
}

export interface Alert {
  readonly text: string;
  readonly atMs: number;
}

export type Ending = Omit<Extract<ToDashboard, { type: 'finished' }>, 'type'>;

export interface DashboardState {
  readonly phase: Phase;
  readonly runId?: string;
  readonly header?: DashboardHeader;
  readonly startedAt?: string;
  /** As it arrived; `history` holds merged ones. */
  readonly latest?: Snapshot;
  readonly history: SnapshotHistory;
  readonly marks: readonly StageMark[];
  /** The newest ones. */
  readonly alerts: readonly Alert[];
  readonly stopping?: string;
  readonly ending?: Ending;
  readonly error?: RunErrorData;
  readonly canMakeReport?: boolean;
}

export const MAX_ALERTS = 20;
export const MAX_MARKS = 200;

export const EMPTY_STATE: DashboardState = { phase: 'empty', history: EMPTY_HISTORY, marks: [], alerts: [] };

export function reduce(state: DashboardState, message: ToDashboard): DashboardState {
  switch (message.type) {
    case 'reset':
      return {
        ...EMPTY_STATE,
        phase: 'starting',
        runId: message.runId,
        header: message.header,
        startedAt: message.startedAt,
      };
    case 'history':
      return withHistory(state, restoreHistory(message.snapshots, message.recent));
    case 'snapshot':
      return withSnapshot(state, message.snapshot);
    case 'alert':
      return { ...state, alerts: [...state.alerts, { text: message.text, atMs: message.atMs }].slice(-MAX_ALERTS) };
    case 'stopping':
      return isOver(state) ? state : { ...state, phase: 'stopping', stopping: message.message };
    case 'finished': {
      const { type: _, ...ending } = message;
      return { ...state, phase: 'ended', ending };
    }
    case 'failed':
      // A report says more than its absence: a host that does not find it does not make it unsaid.
      if (state.phase === 'ended' || state.phase === 'empty') return state;
      return {
        ...state,
        phase: 'lost',
        error: message.error,
        ...(message.canMakeReport === undefined ? {} : { canMakeReport: message.canMakeReport }),
      };
    default:
      // A newer host may say more than this dashboard understands.
      return state;
  }
}

export function isOver(state: DashboardState): boolean {
  return state.phase === 'ended' || state.phase === 'lost';
}

function withSnapshot(state: DashboardState, snapshot: Snapshot): DashboardState {
  const isStale = state.latest !== undefined && snapshot.sequence <= state.latest.sequence;
  if (isStale || isOver(state) || state.phase === 'empty') return state;
  return {
    ...state,
    phase: state.phase === 'stopping' ? 'stopping' : 'running',
    latest: snapshot,
    history: addSnapshot(state.history, snapshot),
    marks: withMark(state.marks, snapshot),
  };
}

function withHistory(state: DashboardState, history: SnapshotHistory): DashboardState {
  const latest = history.whole.at(-1);
  if (latest === undefined || state.phase === 'empty') return state;
  return {
    ...state,
    phase: state.phase === 'starting' ? 'running' : state.phase,
    latest,
    history,
    marks: history.whole.reduce(withMark, [] as readonly StageMark[]),
  };
}

function withMark(marks: readonly StageMark[], snapshot: Snapshot): readonly StageMark[] {
  const { name, kind } = snapshot.stage;
  const last = marks.at(-1);
  if ((last?.name === name && last.kind === kind) || marks.length >= MAX_MARKS) return marks;
  const atMs = marks.length === 0 ? 0 : snapshot.atMs - snapshot.intervalMs;
  return [...marks, { atMs, name, kind }];
}
