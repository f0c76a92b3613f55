/** Requests between a language client and the language server beyond LSP itself. Names are LSP method names. */
import type { RunPlan } from '../plan.ts';
import type { StudyKind } from '../study-plan.ts';

export const COMPILE_REQUEST = 'bench/compile';
export const BENCHMARKS_REQUEST = 'bench/benchmarks';
export const RESULT_NOTIFICATION = 'bench/resultChanged';

export interface CompileParams {
  readonly uri: string;
  readonly benchmark: string;
  readonly set?: Readonly<Record<string, string>>;
}

export interface CompileResult {
  /** The Plan's exact bytes as JSON text: the host passes them on unread. Absent when there are errors. */
  readonly planJson?: string;
  readonly plan?: RunPlan;
  /** Instead of a plan, where the name is that of a study: its kind, and its plan's bytes. Absent when there are errors. */
  readonly study?: { readonly kind: StudyKind; readonly json: string };
  readonly diagnostics: readonly CompileDiagnostic[];
  /** Names of secrets the plan refers to. */
  readonly secrets: readonly string[];
}

export interface CompileDiagnostic {
  /** `BENCH2003`. */
  readonly code: string;
  /** What the code means, in a few words: the heading of its page. */
  readonly title?: string;
  readonly severity: 'error' | 'warning' | 'info' | 'hint';
  readonly message: string;
  /** Absolute path; 1-based positions. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly docs?: string;
}

export interface BenchmarkItem {
  readonly name: string;
  /** 0-based, LSP positions, of the declaration's name. */
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
  readonly slas: readonly { readonly text: string; readonly file: string; readonly line: number }[];
}

/** Tells the server that the newest result of a scenario changed, so that SLA diagnostics are published anew. */
export interface ResultChangedParams {
  readonly scenarioUri: string;
}

/**
 * The server asks for files that it cannot reach itself: all of them in a web page, those of virtual folders elsewhere.
 * To a client that does not answer them, such files do not exist.
 */
export const FILE_REQUESTS = {
  stat: 'bench/fileStat',
  read: 'bench/fileRead',
  list: 'bench/fileList',
} as const;

export interface FileParams {
  readonly uri: string;
  /** `bench/fileRead` reads no more than this from the beginning. */
  readonly maximumBytes?: number;
}

/** `null`: there is nothing of that name. */
export type FileStatResult = {
  readonly kind: 'file' | 'directory';
  readonly sizeBytes: number;
  /** When it was last changed, ms since 1970; absent where nobody can tell. */
  readonly modifiedMs?: number;
} | null;

export interface FileReadResult {
  readonly base64: string;
}

export type FileListResult = readonly { readonly name: string; readonly kind: 'file' | 'directory' }[];

/** Commands named in code lenses and executed by the client. */
export const CLIENT_COMMANDS = {
  run: 'benchwright.run',
  dryRun: 'benchwright.dryRun',
  openReport: 'benchwright.openReport',
  askModels: 'benchwright.askModels',
} as const;

/** What a client may say of itself in `initialize`. */
export interface BenchInitializationOptions {
  /** It executes `askModels`. Without it the server never proposes to ask. */
  readonly asksModels?: boolean;
}

/** Arguments of `benchwright.askModels`: asks a server for the models it offers, and writes the one chosen at the position. */
export interface AskModelsArguments {
  readonly uri: string;
  /** 0-based, LSP. */
  readonly position: { readonly line: number; readonly character: number };
  readonly url: string;
  /** The name of the backend's key; never the key. */
  readonly secret?: string;
}

/** Arguments of `benchwright.run` in a code lens. */
export interface RunCommandArguments {
  readonly uri: string;
  readonly benchmark: string;
}
