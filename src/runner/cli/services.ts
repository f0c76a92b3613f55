/** What the commands need of the other parts of the program, loaded only by the command that needs it. */
import type { CompileDiagnostic } from '../../contract/protocol/language.ts';
import type { RunPlan } from '../../contract/plan.ts';
import type { StudyKind, StudyPlan } from '../../contract/study-plan.ts';
import type { ReportData } from '../../contract/report.ts';
import type { StartRun } from '../run/run.ts';

/** A scenario compiled for the command line. */
export interface CompiledScenario {
  readonly diagnostics: readonly CompileDiagnostic[];
  /** Every benchmark of the file, in its order. */
  readonly benchmarks: readonly string[];
  /** Declarations that would make several runs. */
  readonly studies: readonly { readonly name: string; readonly kind: StudyKind }[];
  /** The plan and its bytes as an editor would get them; `undefined` for a benchmark that has errors. */
  plan(benchmark: string): { readonly plan: RunPlan; readonly json: string } | undefined;
  /** The same of a study. */
  study(name: string): { readonly plan: StudyPlan; readonly json: string } | undefined;
}

interface ScenarioLanguage {
  compile(file: string, set: Readonly<Record<string, string>>): Promise<CompiledScenario>;
  /** Formatted text, or the diagnostics that stand against it. */
  format(file: string): Promise<{ readonly text: string } | { readonly diagnostics: readonly CompileDiagnostic[] }>;
}

interface RunningSimulator {
  readonly url: string;
  stop(): Promise<void>;
}

export interface Services {
  language(): Promise<ScenarioLanguage>;
  startRun(): Promise<StartRun>;
  /** Renders a result directory's record again. @throws RunError RUN_RECORD_UNREADABLE */
  renderReport(
    directory: string,
    formats: readonly string[] | undefined,
  ): Promise<{ readonly report: ReportData; readonly files: Readonly<Record<string, string>> }>;
  /** `options` are texts by their name in the language. @throws RunError */
  startSimulator(port: number, options: Readonly<Record<string, string | undefined>>): Promise<RunningSimulator>;
  /** Serves the language over standard input and output; resolves when the client is gone. */
  serveLanguage(): Promise<void>;
  readonly files: CommandFiles;
}

export interface CommandFiles {
  /** Absolute path of what was written on the command line. */
  resolve(path: string): string;
  /** `undefined` where there is no such file or it cannot be read. */
  readText(path: string): string | undefined;
  /** @throws Error */
  writeText(path: string, text: string): void;
  isDirectory(path: string): boolean;
}
