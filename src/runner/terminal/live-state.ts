/** What the live views know of a run: a reducer over the runner's events, so that a view is a pure function of this state. */
import { addSnapshot, EMPTY_HISTORY, type SnapshotHistory } from '../../contract/snapshot-history.ts';
import type { RunnerEventLine } from '../../contract/protocol/runner.ts';
import type { RunPlan } from '../../contract/plan.ts';
import type { Snapshot } from '../../contract/snapshot.ts';

export interface LiveState {
  readonly plan?: RunPlan;
  readonly snapshot?: Snapshot;
  readonly history: SnapshotHistory;
  /** Alerts and warnings, newest last. */
  readonly notices: readonly string[];
  /** Why no new requests are sent any more. */
  readonly stopping?: string;
  /** What the command said last, e.g. on Ctrl-C; stands where the hint stood. */
  readonly note?: string;
  /** Where it can be changed by keys. */
  readonly rate?: ToldRate;
}

export interface ToldRate {
  /** Of what the plan asks for, as last asked for; a snapshot tells what is in force. */
  readonly factor: number;
  /** Why the last key changed nothing. */
  readonly refused?: string;
}

export const EMPTY_LIVE_STATE: LiveState = { history: EMPTY_HISTORY, notices: [] };

const NOTICES = 3;

export function reduceLive(state: LiveState, line: RunnerEventLine): LiveState {
  switch (line.event) {
    case 'run.started':
      return { ...EMPTY_LIVE_STATE, plan: line.data.plan, ...(state.rate === undefined ? {} : { rate: state.rate }) };
    case 'snapshot':
      return { ...state, snapshot: line.data, history: addSnapshot(state.history, line.data) };
    case 'alert':
      return withNotice(state, line.data.text);
    case 'log':
      return (line.data.level === 'warning' || line.data.level === 'error') && line.data.message !== state.stopping
        ? withNotice(state, line.data.message)
        : state;
    case 'stopping':
      return isOwnDoing(line.data.why) ? state : { ...state, stopping: line.data.message };
    default:
      return state;
  }
}

export function withRate(state: LiveState, rate: ToldRate | undefined): LiveState {
  const { rate: _, ...rest } = state;
  if (rate === undefined) return rest;
  return { ...(rate.refused === undefined ? rest : withNotice(rest, rate.refused)), rate };
}

export interface Rates {
  readonly sentPerSecond: number;
  readonly outputTokensPerSecond: number;
  readonly inputTokensPerSecond: number;
}

/** Rates over the last two to three seconds: a quarter of a second alone would flicker. */
export function recentRates(state: LiveState): Rates {
  const bins = state.history.recent.slice(-3);
  const coveredMs = bins.reduce((sum, bin) => sum + bin.intervalMs, 0);
  const perSecond = (count: (bin: Snapshot['interval']) => number): number =>
    coveredMs === 0 ? 0 : (bins.reduce((sum, bin) => sum + count(bin.interval), 0) * 1_000) / coveredMs;
  return {
    sentPerSecond: perSecond((each) => each.sent),
    outputTokensPerSecond: perSecond((each) => each.outputTokens),
    inputTokensPerSecond: perSecond((each) => each.inputTokens),
  };
}

/** The command has answered to Ctrl-C already. */
export function isOwnDoing(why: string): boolean {
  return why === 'user-stop' || why === 'user-abort';
}

function withNotice(state: LiveState, text: string): LiveState {
  return { ...state, notices: [...state.notices.filter((each) => each !== text).slice(1 - NOTICES), text] };
}
