/** How a run ended, in one word and one exit code. */
import { EXIT_CODES, type ExitCode, type RunErrorCode, type RunErrorData } from '../../contract/errors.ts';
import type { RunEventRecord } from '../../contract/record.ts';
import type { ReportData, RunOutcome } from '../../contract/report.ts';

type Stopping = Extract<RunEventRecord, { type: 'stopping' }>;

/** Why a run ended early: the error it carries, and whether somebody wanted it. */
const STOPS: Readonly<Record<Stopping['why'], { code: RunErrorCode; outcome: 'aborted' | 'error'; hint?: string }>> = {
  'user-stop': { code: 'RUN_INTERRUPTED', outcome: 'aborted' },
  'user-abort': { code: 'RUN_INTERRUPTED', outcome: 'aborted' },
  'host-gone': { code: 'RUN_INTERRUPTED', outcome: 'aborted' },
  budget: { code: 'RUN_BUDGET_SPENT', outcome: 'aborted', hint: 'Raise the budget, or ask for less load.' },
  'disk-full': {
    code: 'RUN_DISK_FULL',
    outcome: 'error',
    hint: 'Make room; then `benchwright resume` on that directory goes on where it stopped. Or write results elsewhere (`--output`).',
  },
  'worker-died': { code: 'RUN_WORKER_DIED', outcome: 'error', hint: 'run.log has the reason.' },
};

/** What ended the run before its time; `undefined` when it ran to its end. */
export function endedEarly(
  events: readonly RunEventRecord[],
  isTorn: boolean,
  isRunning = false,
): { readonly outcome: 'aborted' | 'error'; readonly error: RunErrorData } | undefined {
  const stopping = events.find((event): event is Stopping => event.type === 'stopping');
  if (stopping !== undefined) {
    const { code, outcome, hint } = STOPS[stopping.why];
    const error = {
      code,
      message: stopping.message,
      exitCode: EXIT_CODES.run,
      ...(hint === undefined ? {} : { hint }),
    };
    return { outcome, error };
  }
  if (!isTorn) return undefined;
  return {
    outcome: 'aborted',
    error: {
      code: 'RUN_INTERRUPTED',
      message: isRunning
        ? 'The run still goes on; this is what it has recorded so far.'
        : 'The runner was ended before the run was over; this is what it had recorded.',
      exitCode: EXIT_CODES.run,
    },
  };
}

/**
 * The first that applies: a run that ended early; one of which no request succeeded; an SLA breached; an SLA that could not be
 * judged; passed. An invalid measurement has the last word over pass and fail, but not over a run that was cut short.
 */
export function judgeOutcome(parts: {
  readonly early: 'aborted' | 'error' | undefined;
  readonly requests: ReportData['requests'];
  readonly sla: ReportData['sla'];
  readonly validity: ReportData['validity']['verdict'];
}): { readonly outcome: RunOutcome; readonly exitCode: ExitCode } {
  const { early, requests, sla, validity } = parts;
  if (early !== undefined) return { outcome: early, exitCode: EXIT_CODES.run };
  const outcome = slaOutcome(requests, sla);
  if (validity === 'invalid') return { outcome, exitCode: EXIT_CODES.invalid };
  return { outcome, exitCode: outcome === 'failed' ? EXIT_CODES.failed : EXIT_CODES.passed };
}

function slaOutcome(requests: ReportData['requests'], sla: ReportData['sla']): RunOutcome {
  const nothingSucceeded = requests.due > 0 && requests.succeeded === 0;
  if (nothingSucceeded || sla.some(({ verdict }) => verdict === 'breached')) return 'failed';
  return sla.some(({ verdict }) => verdict !== 'met') ? 'undecided' : 'passed';
}
