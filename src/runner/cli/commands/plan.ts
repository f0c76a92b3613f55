import { EXIT_CODES } from '../../../contract/errors.ts';
import { UsageError, type Command } from '../command.ts';
import { chooseBenchmarks, existingFile, listOf, readBindings, reportDiagnostics, SET_OPTION } from '../scenario.ts';

export const planCommand: Command = {
  name: 'plan',
  summary: 'Print the compiled plan of a benchmark as JSON.',
  operands: 'FILE [NAME]',
  operandCount: [1, 2],
  options: { set: SET_OPTION },
  details: [
    'The plan is what the runner executes: everything resolved, in base units, secrets by name only. The editor makes the same bytes.',
    'NAME may be a sweep or the like: then it is one whole plan, and what each run has different from it.',
  ],
  examples: ['benchwright plan chat.bench', 'benchwright plan chat.bench peak --set rate=200rps'],
  async run(invocation, context) {
    const [path = '', name] = invocation.operands;
    const file = existingFile(path, context);
    const scenario = await (await context.services.language()).compile(file, readBindings(invocation));
    if (!reportDiagnostics(scenario.diagnostics, context, 'There is no plan')) return EXIT_CODES.scenario;
    const study = name === undefined ? undefined : scenario.study(name);
    if (study !== undefined) {
      context.terminal.writeOut(study.json);
      return EXIT_CODES.passed;
    }
    const chosen = chooseBenchmarks(scenario, name === undefined ? [] : [name], path);
    if (chosen.length > 1) throw new UsageError(`${path} has several benchmarks.`, `Name one of ${listOf(chosen)}.`);
    context.terminal.writeOut(scenario.plan(chosen[0] ?? '')?.json ?? '');
    return EXIT_CODES.passed;
  },
};
