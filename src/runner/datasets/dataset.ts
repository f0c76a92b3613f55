/** What is sent. A dataset is loaded once, in the main thread; its data travels to the workers, which make prompts from it by number. */
import type { DatasetPlan } from '../../contract/plan.ts';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface Prompt extends PromptFacts {
  /** Chat form; a completion endpoint gets `text`. */
  readonly messages: readonly ChatMessage[];
  readonly text: string;
}

/** What is known of a prompt without having it. */
export interface PromptFacts {
  /** Length the dataset believes it has; the server's count is what is reported. */
  readonly inputTokens?: number;
  /** Output tokens to ask for (max tokens); absent: the server's default. */
  readonly outputTokens?: number;
  /** Of a mix: the part it comes from, by name. */
  readonly dataset?: string;
  readonly session?: string;
  /** Within its session, from 1, and how many it has. */
  readonly turn?: number;
  readonly turns?: number;
}

/** Where a dataset is endless, the warm-up's prompts (or conversations) are those from this number on, far beyond those of the stages. */
export const FIRST_WARMUP_INDEX = 1_000_000_001;

/** A conversation that is carried on turn by turn. */
export interface Session {
  readonly turns: number;
  /**
   * @param turn From 1.
   * @param answers What the model said to the turns before, in their order.
   */
  promptAt(turn: number, answers: readonly string[]): Prompt;
  /** How long the user thinks before this turn (from 2) once the answer to the one before is there, ms. */
  thinkMs(turn: number): number;
}

/** Makes session number `index`: the same for every worker and every run with the same seed. Wraps around where the data ends. */
export interface SessionSource {
  /** Distinct sessions; `undefined`: endless. */
  readonly size: number | undefined;
  sessionAt(index: number): Session;
}

/** Makes prompt number `index` (0, 1, 2 …): the same for every worker and every run with the same seed. Wraps around where the data ends. */
export interface PromptSource {
  /** Distinct prompts; `undefined`: endless. */
  readonly size: number | undefined;
  promptAt(index: number): Prompt;
  /** Where the dataset is one of whole conversations: requests are then the turns of these. */
  readonly sessions?: SessionSource;
  /** The dataset's own arrival times, ms since its first, ascending: entry by entry, or session by session. */
  readonly arrivalsMs?: Float64Array;
}

/** A loaded dataset. `data` survives structured cloning; big text should sit in SharedArrayBuffers. */
export interface LoadedDataset {
  readonly size: number | undefined;
  /** The length of its own arrival times, ms; absent where it has none. */
  readonly arrivalSpanMs?: number;
  readonly data: unknown;
  /** What was found: entries read, kept, left out and why; for the log and the report. */
  readonly notes: readonly string[];
}

export interface DatasetContext {
  /** Seed for what the plan leaves open. */
  readonly seed: number;
  /** Put at the head of prompts where `freshPrefix` says so; unique to the run. */
  readonly nonce: string;
  /** Counts tokens with the backend's declared tokenizer; `undefined` where none is local. */
  readonly countTokens: ((text: string) => number) | undefined;
}

/** A dataset kind. */
export interface DatasetKind {
  /** @throws RunError RUN_DATASET_MISSING, RUN_DATASET_MALFORMED (file, line, what was expected), RUN_DATASET_EMPTY */
  load(plan: DatasetPlan, context: DatasetContext): Promise<LoadedDataset>;
  /** In a worker. Must not read files. */
  open(plan: DatasetPlan, data: unknown, context: Omit<DatasetContext, 'countTokens'>): PromptSource;
}
