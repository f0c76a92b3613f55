/** What the dashboard keeps in VS Code's hands, so that it comes back after it was hidden or the window was reloaded. */
import { restoreHistory } from '../src/contract/snapshot-history.ts';
import { EMPTY_STATE, type DashboardState } from './store.ts';

const VERSION = 1;
/** Enough to draw the curves again; the host replays the rest while the run is alive. */
const MAX_KEPT_BINS = 180;

export interface ViewChoices {
  /** The whole run, or its newest two minutes. */
  readonly span: 'whole' | 'recent';
  /** Tables in place of charts. */
  readonly showTables: boolean;
}

export const DEFAULT_CHOICES: ViewChoices = { span: 'whole', showTables: false };

/** `runId` stands at the top: the host's serializer reads it. */
export interface KeptState {
  readonly version: number;
  readonly runId?: string;
  readonly dashboard: DashboardState;
  readonly choices: ViewChoices;
}

export function toKept(dashboard: DashboardState, choices: ViewChoices): KeptState {
  const history = restoreHistory(dashboard.history.whole, [], MAX_KEPT_BINS);
  return {
    version: VERSION,
    ...(dashboard.runId === undefined ? {} : { runId: dashboard.runId }),
    dashboard: { ...dashboard, history },
    choices,
  };
}

export function fromKept(kept: unknown): { dashboard: DashboardState; choices: ViewChoices } {
  const nothing = { dashboard: EMPTY_STATE, choices: DEFAULT_CHOICES };
  if (typeof kept !== 'object' || kept === null || (kept as Partial<KeptState>).version !== VERSION) return nothing;
  const { dashboard, choices } = kept as KeptState;
  return { dashboard, choices };
}
