/** Why a run could not go on, and how the command line ends. Failed requests are outcomes, author's mistakes are diagnostics: neither is here. */

export const EXIT_CODES = {
  /** All SLAs met (or undecided without `--strict`). */
  passed: 0,
  /** An SLA, regression or gate failed. */
  failed: 1,
  /** The scenario, or the command's own arguments, have errors. Nothing was sent. */
  scenario: 2,
  /** The run could not be carried out: backend unreachable, budget hit, disk full, interrupted. */
  run: 3,
  /** The measurement is invalid: the generator, not the server, was the limit. */
  invalid: 4,
} as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** Closed list; each has a section in docs/errors.md. */
export type RunErrorCode =
  | 'RUN_PLAN_UNREADABLE'
  | 'RUN_NOT_AVAILABLE'
  | 'RUN_NODE_TOO_OLD'
  | 'RUN_SECRET_MISSING'
  | 'RUN_BACKEND_UNREACHABLE'
  | 'RUN_BACKEND_REFUSED'
  | 'RUN_MODEL_UNKNOWN'
  | 'RUN_DATASET_MISSING'
  | 'RUN_DATASET_MALFORMED'
  | 'RUN_DATASET_EMPTY'
  | 'RUN_TOKENIZER_UNUSABLE'
  | 'RUN_OUTPUT_NOT_WRITABLE'
  | 'RUN_DISK_FULL'
  | 'RUN_LIMIT_TOO_LOW'
  | 'RUN_MONITOR_UNAVAILABLE'
  | 'RUN_RECORD_UNREADABLE'
  | 'RUN_NOT_RESUMABLE'
  | 'RUN_WORKER_DIED'
  | 'RUN_PORT_UNAVAILABLE'
  | 'RUN_INTERRUPTED'
  | 'RUN_BUDGET_SPENT'
  | 'RUN_INTERNAL';

/** The form in which a RunError crosses a process boundary. Matched by code, never by text. */
export interface RunErrorData {
  readonly code: RunErrorCode;
  /** Names the thing: file, URL, environment variable. */
  readonly message: string;
  /** The remedy, as a sentence to the user. */
  readonly hint?: string;
  readonly exitCode: ExitCode;
  /** Where in the scenario, when it is known. */
  readonly location?: { readonly file: string; readonly line: number; readonly column: number };
}

export class RunError extends Error {
  readonly code: RunErrorCode;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;
  readonly location: RunErrorData['location'];

  constructor(
    code: RunErrorCode,
    message: string,
    options: {
      hint?: string | undefined;
      exitCode?: ExitCode;
      cause?: unknown;
      location?: RunErrorData['location'];
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RunError';
    this.code = code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? EXIT_CODES.run;
    this.location = options.location;
  }

  toData(): RunErrorData {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      exitCode: this.exitCode,
      ...(this.location === undefined ? {} : { location: this.location }),
    };
  }

  static fromData(data: RunErrorData): RunError {
    return new RunError(data.code, data.message, data);
  }

  /** Anything thrown, as a RunError; what is not one is a bug of ours and becomes `RUN_INTERNAL`. */
  static from(thrown: unknown): RunError {
    if (thrown instanceof RunError) return thrown;
    // Thrown in another bundle of ours, whose class this is not: the name tells, as the code does between processes.
    if (thrown instanceof Error && thrown.name === 'RunError') return RunError.#copy(thrown as RunError);
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new RunError('RUN_INTERNAL', `Benchwright failed: ${message}`, {
      cause: thrown,
      hint: 'This is a bug of Benchwright: please report it with run.log.',
    });
  }

  static #copy(other: RunError): RunError {
    return new RunError(other.code, other.message, {
      hint: other.hint,
      exitCode: other.exitCode,
      location: other.location,
      cause: other.cause,
    });
  }
}

export function assertNever(value: never, what = 'value'): never {
  throw new Error(`Unexpected ${what}: ${JSON.stringify(value)}`);
}

export function invariant(condition: unknown, what: string): asserts condition {
  if (condition === false || condition === undefined || condition === null)
    throw new Error(`Broken invariant: ${what}`);
}
