import type { ExitCode } from '../../../contract/errors.ts';
import type { RunPlan } from '../../../contract/plan.ts';
import { RESULT_FILES } from '../../../contract/record.ts';
import { VIEW_KINDS } from '../../terminal/run-view.ts';
import { UsageError, type Command } from '../command.ts';
import { executeRun } from '../execute-run.ts';
import { integerValue } from '../parse-arguments.ts';
import { exitCodeOf } from '../run-outcome.ts';

const MOST_WORKERS = 256;

export const resumeCommand: Command = {
  name: 'resume',
  summary: 'Go on with a run that was killed or interrupted.',
  operands: 'RESULT-DIR',
  operandCount: [1, 1],
  options: {
    ui: {
      value: VIEW_KINDS.join('|'),
      choices: VIEW_KINDS,
      doc: 'table (live, the default in a terminal), plain (lines), json (one protocol event per line) or none.',
    },
    workers: { value: 'N', doc: 'Threads that send; by default as many as this machine can use well.' },
    'no-calibration': { doc: 'Do not rehearse and measure the own error before it goes on.' },
    strict: { doc: 'An SLA that could not be judged counts as failed.' },
  },
  details: [
    "RESULT-DIR is one run's directory: chat.bench.results/<UTC time>-<benchmark>. The plan that lies in it is what goes on, whatever has become of the scenario since.",
    'The warm-up is run again and not counted; then the schedule goes on at the request where it stopped. The report says that it did, and when. Conversations that were under way are not taken up again: others are begun. Exit codes are those of `run`.',
  ],
  examples: ['benchwright resume chat.bench.results/2026-11-21T12-00-00Z-chat'],
  async run(invocation, context): Promise<ExitCode> {
    const { services, terminal } = context;
    const [path = ''] = invocation.operands;
    const directory = services.files.resolve(path);
    const text = services.files.readText(`${directory}/${RESULT_FILES.plan}`);
    if (text === undefined)
      throw new UsageError(`There is no run in ${path}.`, 'Name the directory of one run, with plan.json in it.');
    const plan = parsePlan(text, path);
    const chosen = VIEW_KINDS.find((each) => each === invocation.value('ui'));
    const view = chosen ?? (terminal.isInteractive ? 'table' : 'plain');
    const workers = integerValue(invocation, 'workers', { min: 1, max: MOST_WORKERS });
    const { finished, exitCode } = await executeRun(
      {
        plan,
        secrets: {},
        ...(workers === undefined ? {} : { workers }),
        resumeDirectory: directory,
        ...(invocation.flag('no-calibration') ? { calibrates: false } : {}),
      },
      view,
      context,
    );
    return finished === undefined ? exitCode : exitCodeOf(finished, invocation.flag('strict'));
  },
};

/** The runner reads and checks the plan itself; here it need only be one. */
function parsePlan(text: string, path: string): RunPlan {
  try {
    return JSON.parse(text) as RunPlan;
  } catch {
    throw new UsageError(`plan.json in ${path} is cut off or not JSON.`, 'Without it nobody knows what was run.');
  }
}
