/** What the commands on a scenario share: the file, `--set`, its diagnostics, the benchmark meant. */
import { RunError } from '../../contract/errors.ts';
import { nearest } from '../../contract/nearest.ts';
import type { CompileDiagnostic } from '../../contract/protocol/language.ts';
import { renderDiagnosticCounts, renderDiagnostics } from '../terminal/render-diagnostics.ts';
import { UsageError, type CommandContext, type CommandOption, type Invocation } from './command.ts';
import type { CompiledScenario } from './services.ts';

export const SET_OPTION: CommandOption = {
  value: 'NAME=VALUE',
  multiple: true,
  doc: 'Give a `param` of the scenario another value.',
};

/** Absolute path of a file that exists. @throws UsageError */
export function existingFile(path: string, { services }: CommandContext): string {
  const file = services.files.resolve(path);
  if (services.files.isDirectory(file)) throw new UsageError(`${path} is a directory.`, 'Name a .bench file in it.');
  if (services.files.readText(file) === undefined)
    throw new UsageError(`There is no file ${path}, or it cannot be read.`, `Looked for it at ${file}.`);
  if (!file.endsWith('.bench'))
    throw new UsageError(`${path} is not a scenario.`, 'Scenarios are files that end in .bench.');
  return file;
}

/** @throws UsageError */
export function readBindings(invocation: Invocation): Readonly<Record<string, string>> {
  return Object.fromEntries(
    invocation.values('set').map((text) => {
      const equals = text.indexOf('=');
      if (equals < 1) throw new UsageError(`\`--set ${text}\` has no value.`, 'Write `--set name=value`.');
      return [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
    }),
  );
}

/** Shows what stands against a scenario, and what follows from errors. `false` when there are some, and nothing may be done with it. */
export function reportDiagnostics(
  diagnostics: readonly CompileDiagnostic[],
  { terminal, services }: CommandContext,
  consequence: string,
): boolean {
  const shown = diagnostics.filter((each) => each.severity === 'error' || each.severity === 'warning');
  const hasErrors = diagnostics.some((each) => each.severity === 'error');
  if (shown.length > 0) {
    const lines = renderDiagnostics(shown, { ...terminal, readText: services.files.readText });
    const counts = renderDiagnosticCounts(shown);
    terminal.writeError(`${lines.join('\n')}\n\n${counts}${hasErrors ? `. ${consequence}` : ''}.\n`);
  }
  return !hasErrors;
}

/** The benchmarks named, or all of the file. @throws UsageError for a name the file does not have, RunError RUN_NOT_AVAILABLE for a study */
export function chooseBenchmarks(
  scenario: CompiledScenario,
  names: readonly string[],
  file: string,
): readonly string[] {
  for (const name of names) {
    if (scenario.benchmarks.includes(name)) continue;
    const study = scenario.studies.find((each) => each.name === name);
    if (study !== undefined) throw studyNotAvailable(study, file);
    const guess = nearest(name, [...scenario.benchmarks, ...scenario.studies.map((each) => each.name)]);
    throw new UsageError(
      `${file} has no benchmark \`${name}\`.`,
      guess === undefined ? `It has ${listOf(scenario.benchmarks)}.` : `Did you mean \`${guess}\`?`,
    );
  }
  if (scenario.benchmarks.length === 0)
    throw new UsageError(`${file} has no benchmark.`, 'A scenario that is run needs a `benchmark` block.');
  return names.length > 0 ? [...new Set(names)] : scenario.benchmarks;
}

/** What a dry run explains: the benchmarks and studies named, or all of the file. @throws UsageError for a name the file does not have */
export function chooseExplained(
  scenario: CompiledScenario,
  names: readonly string[],
  file: string,
): { readonly benchmarks: readonly string[]; readonly studies: readonly string[] } {
  const all = scenario.studies.map(({ name }) => name);
  const studies = names.length === 0 ? all : all.filter((name) => names.includes(name));
  const others = names.filter((name) => !studies.includes(name));
  const hasOnlyStudies = studies.length > 0 && (names.length === 0 ? scenario.benchmarks : others).length === 0;
  return { benchmarks: hasOnlyStudies ? [] : chooseBenchmarks(scenario, others, file), studies };
}

/** Studies compile, and this version cannot run them. */
function studyNotAvailable({ kind, name }: CompiledScenario['studies'][number], file: string): RunError {
  return new RunError('RUN_NOT_AVAILABLE', `\`${kind}\` is not available yet: \`${name}\` can be checked, not run.`, {
    hint: `\`benchwright run ${file} ${name} --dry-run\` explains what it would do; each benchmark of the file can be run by its name.`,
  });
}

export function listOf(names: readonly string[]): string {
  return names.map((each) => `\`${each}\``).join(', ');
}
