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

export interface RunningSimulator {
  readonly url: string;
  /** What it is set to: option names with the values as written. */
  readonly settings: readonly (readonly [name: string, text: string])[];
  lateness(): Promise<SimulatorLateness>;
  /** Answers under way are finished for at most `drainMs`, then cut; may be called again to hurry. */
  stop(options?: { readonly drainMs?: number }): Promise<void>;
}

/** How long after their time tokens were written; absent before the first one. */
export interface SimulatorLateness {
  readonly tokens: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  readonly maxMs?: number;
}

export interface SimulatorService {
  readonly host: string;
  readonly port: number;
  /** Absolute path of a file that what it writes is appended to. */
  readonly recordFile?: string;
  /** Texts by their name in the language. */
  readonly options: Readonly<Record<string, string | undefined>>;
  /** Called, not more than once in a few seconds, when it is late. */
  onLate(lateness: SimulatorLateness): void;
}

export interface Services {
  language(): Promise<ScenarioLanguage>;
  startRun(): Promise<StartRun>;
  /** Renders a result directory's record again. @throws RunError RUN_RECORD_UNREADABLE */
  renderReport(
    directory: string,
    formats: readonly string[] | undefined,
  ): Promise<{ readonly report: ReportData; readonly files: Readonly<Record<string, string>> }>;
  /** @throws RunError */
  startSimulator(service: SimulatorService): Promise<RunningSimulator>;
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
