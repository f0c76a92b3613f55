/** What a command of the command line is: its words for the help, its options, what it does. One file per command beside this one. */
import type { ExitCode } from '../../contract/errors.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Services } from './services.ts';
import type { SignalSource } from './interrupts.ts';

export interface CommandOption {
  /** What stands behind `--name` in the help; absent: the option is a flag. */
  readonly value?: string;
  /** May be given several times. */
  readonly multiple?: boolean;
  /** The only values it takes; with `list`, several of them separated by commas. */
  readonly choices?: readonly string[];
  readonly list?: boolean;
  readonly doc: string;
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows the name and the options: `FILE [NAME…]`. */
  readonly operands: string;
  /** How many operands it takes, at least and at most. */
  readonly operandCount: readonly [number, number];
  readonly options: Readonly<Record<string, CommandOption>>;
  /** Paragraphs for its own help. */
  readonly details: readonly string[];
  readonly examples: readonly string[];
  /** Not in the list of commands: named in the interface, not available yet. */
  readonly isUnavailable?: boolean;
  run(invocation: Invocation, context: CommandContext): Promise<ExitCode>;
}

/** Arguments, checked against the command's options. */
export interface Invocation {
  readonly operands: readonly string[];
  flag(name: string): boolean;
  value(name: string): string | undefined;
  values(name: string): readonly string[];
}

export interface CommandContext {
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signals: SignalSource;
  /** Ends the process at once. */
  readonly leave: (exitCode: ExitCode) => void;
  readonly services: Services;
}

/** The command line itself is wrong: said in a sentence, exit code 2. */
export class UsageError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'UsageError';
    this.hint = hint;
  }
}
