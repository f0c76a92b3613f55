import { EXIT_CODES, type ExitCode } from '../../../contract/errors.ts';
import type { RunPlan } from '../../../contract/plan.ts';
import { renderDryRun } from '../../terminal/render-dry-run.ts';
import { renderDryStudy } from '../../terminal/render-dry-study.ts';
import { VIEW_KINDS, type ViewKind } from '../../terminal/run-view.ts';
import { UNCOLOURED } from '../../terminal/style.ts';
import { visibleData } from '../../terminal/visible-text.ts';
import type { Command, CommandContext, Invocation } from '../command.ts';
import { diagnosticAnnotation, renderAnnotation, type Annotation } from '../diagnostics-formats.ts';
import { executeRun } from '../execute-run.ts';
import type { CompiledScenario } from '../services.ts';
import { integerValue } from '../parse-arguments.ts';
import { exitCodeOf, outcomeAnnotations, worstExitCode } from '../run-outcome.ts';
import {
  chooseBenchmarks,
  chooseExplained,
  existingFile,
  readBindings,
  reportDiagnostics,
  SET_OPTION,
} from '../scenario.ts';

const MOST_WORKERS = 256;

export const runCommand: Command = {
  name: 'run',
  summary: 'Run benchmarks: a live view, a verdict, a report.',
  operands: 'FILE [NAME…]',
  operandCount: [1, Number.POSITIVE_INFINITY],
  options: {
    set: SET_OPTION,
    output: { value: 'DIR', doc: 'Where results go; without it FILE.results beside the scenario.' },
    ui: {
      value: VIEW_KINDS.join('|'),
      choices: VIEW_KINDS,
      doc: 'table (live, the default in a terminal), plain (lines), json (one protocol event per line) or none.',
    },
    workers: { value: 'N', doc: 'Threads that send; by default as many as this machine can use well.' },
    'no-calibration': {
      doc: 'Do not rehearse and measure the own error before each run of 10 s or more.',
    },
    'dry-run': { doc: 'Explain what would be done, by sweeps and the like too; send nothing.' },
    ci: { doc: 'For continuous integration: plain, without colour, with annotations under GitHub Actions.' },
    strict: { doc: 'An SLA that could not be judged counts as failed.' },
  },
  details: [
    'Without NAME every benchmark of FILE is run, one after another.',
    'Ctrl-C stops: requests that are running may finish, then the report is written. A second Ctrl-C cuts them, a third leaves at once. SIGTERM cuts and reports.',
    'In the live table, + and - change the rate in steps of 10 % of what the plan asks for, and 0 goes back to it.',
  ],
  examples: [
    'benchwright run examples/quickstart.bench',
    'benchwright run chat.bench peak --set model=my-model --strict',
    'benchwright run chat.bench --ui json | jq .event',
  ],
  async run(invocation, given) {
    const context = invocation.flag('ci') ? withoutColour(given) : given;
    const [path = '', ...names] = invocation.operands;
    const file = existingFile(path, context);
    const view = chooseView(invocation, context);
    const workers = integerValue(invocation, 'workers', { min: 1, max: MOST_WORKERS });
    const scenario = await (await context.services.language()).compile(file, readBindings(invocation));
    annotate(
      invocation,
      context,
      scenario.diagnostics.map((each) => diagnosticAnnotation(each, context.terminal.showPath)),
    );
    if (!reportDiagnostics(scenario.diagnostics, context, 'Nothing was sent')) return EXIT_CODES.scenario;
    const output = invocation.value('output');
    const outputDirectory = output === undefined ? undefined : context.services.files.resolve(output);
    if (invocation.flag('dry-run'))
      return explain(scenario, chooseExplained(scenario, names, path), outputDirectory, context);
    const plans = chooseBenchmarks(scenario, names, path).flatMap((name) => scenario.plan(name)?.plan ?? []);
    if (names.length === 0) mentionStudies(scenario, context);
    return runAll(plans, { invocation, view, workers, outputDirectory }, context);
  },
};

interface RunSettings {
  readonly invocation: Invocation;
  readonly view: ViewKind;
  readonly workers: number | undefined;
  readonly outputDirectory: string | undefined;
}

/** One benchmark after another; an interrupt ends the row, a failure does not. */
async function runAll(plans: readonly RunPlan[], settings: RunSettings, context: CommandContext): Promise<ExitCode> {
  const { invocation, view, workers, outputDirectory } = settings;
  const isStrict = invocation.flag('strict');
  const codes: ExitCode[] = [];
  for (const [index, plan] of plans.entries()) {
    if (plans.length > 1 && (view === 'table' || view === 'plain'))
      context.terminal.writeOut(`${index === 0 ? '' : '\n'}Benchmark ${index + 1} of ${plans.length}\n`);
    const { finished, exitCode, wasInterrupted } = await executeRun(
      {
        plan,
        secrets: {},
        ...(workers === undefined ? {} : { workers }),
        ...(invocation.flag('no-calibration') ? { calibrates: false } : {}),
        ...(outputDirectory === undefined ? {} : { outputDirectory }),
      },
      view,
      context,
    );
    codes.push(finished === undefined ? exitCode : exitCodeOf(finished, isStrict));
    if (finished !== undefined)
      annotate(invocation, context, outcomeAnnotations(finished, plan.benchmark, isStrict, context.terminal.showPath));
    if (wasInterrupted) break;
  }
  return worstExitCode(codes);
}

/** Benchmarks first, then studies. */
function explain(
  scenario: CompiledScenario,
  { benchmarks, studies }: ReturnType<typeof chooseExplained>,
  outputDirectory: string | undefined,
  { terminal }: CommandContext,
): ExitCode {
  const plans = benchmarks.flatMap((name) => scenario.plan(name)?.plan ?? []);
  const explained = [
    ...plans.map((plan) => {
      const resultsDirectory = outputDirectory ?? plan.report.directory ?? `${plan.source.file}.results`;
      return renderDryRun(visibleData(plan), { ...terminal, resultsDirectory });
    }),
    ...studies
      .flatMap((name) => scenario.study(name)?.plan ?? [])
      .map((study) => renderDryStudy(visibleData(study), terminal)),
  ];
  terminal.writeOut(`${explained.map((lines) => lines.join('\n')).join('\n\n')}\n`);
  return EXIT_CODES.passed;
}

/** What stands in the file and is not run is said, not passed over. */
function mentionStudies({ studies }: CompiledScenario, { terminal }: CommandContext): void {
  if (studies.length === 0) return;
  const named = studies.map(({ kind, name }) => `${kind} \`${name}\``).join(', ');
  terminal.writeError(`Not run, because not available yet: ${named}.\n`);
}

function chooseView(invocation: Invocation, { terminal }: CommandContext): ViewKind {
  const chosen = VIEW_KINDS.find((each) => each === invocation.value('ui'));
  return chosen ?? (terminal.isInteractive && !invocation.flag('ci') ? 'table' : 'plain');
}

/** Annotations go to standard output, where GitHub's runner looks for them; `--ui json` keeps that clean, so they go beside it. */
function annotate(
  invocation: Invocation,
  { terminal, environment }: CommandContext,
  annotations: readonly Annotation[],
): void {
  if (!invocation.flag('ci') || environment['GITHUB_ACTIONS'] !== 'true') return;
  const write = invocation.value('ui') === 'json' ? terminal.writeError : terminal.writeOut;
  for (const each of annotations) write(`${renderAnnotation(each)}\n`);
}

function withoutColour(context: CommandContext): CommandContext {
  const { terminal } = context;
  return { ...context, terminal: { ...terminal, style: UNCOLOURED } };
}
