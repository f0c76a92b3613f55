/** How the catalog describes what the language may name. Plain data: completion, hover, validation, docs and `list` all read it. */
import type { Dimension } from '../units.ts';

/** What may be written as the value of an option. */
export type OptionType =
  | { readonly kind: 'quantity'; readonly dimension: Dimension; readonly min?: number; readonly max?: number }
  | { readonly kind: 'integer'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'number'; readonly min?: number; readonly max?: number }
  | {
      readonly kind: 'text';
      /** A word that may stand before the text: `prompt column "question"`. */
      readonly label?: string;
      /** Names in `${…}` that the run fills in, with what they mean. */
      readonly placeholders?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'url' }
  /** `on` | `off`. */
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly choices: Readonly<Record<string, string>> }
  /** A file beside the scenario; lowered to an absolute path. `extensions` without dot, for completion. */
  | { readonly kind: 'file'; readonly extensions: readonly string[]; readonly glob?: boolean }
  /** A quantity or a distribution of that dimension. */
  | { readonly kind: 'distribution'; readonly dimension: Dimension }
  /** `4 .. 4096 tokens`, or one value. */
  | { readonly kind: 'range'; readonly dimension: Dimension }
  | { readonly kind: 'jsonpath' }
  /** `[1, 2, 4]`, or one of them. */
  | { readonly kind: 'list'; readonly of: OptionType }
  /** One of several forms, e.g. a JSONPath or a distribution. */
  | { readonly kind: 'any-of'; readonly of: readonly OptionType[] };

export interface OptionEntry {
  readonly type: OptionType;
  readonly doc: string;
  /** Name in the Plan's `options`, with its unit: `firstTokenMs`. */
  readonly planKey: string;
  /** As written in the language, for hover and inlay hints, e.g. `20 ms`. Absent: no default. */
  readonly defaultText?: string;
  readonly required?: boolean;
  /**
   * It has an effect only where one of these options of the same entry is set and, with `value`, set to that. Its default stands in a plan
   * only then.
   */
  readonly onlyWith?: { readonly anyOf: readonly string[]; readonly value?: string };
  /** Issue text shown when it is used but the runner cannot execute it yet. */
  readonly unavailable?: boolean;
}

export interface CatalogEntry {
  /** As written in the language. */
  readonly id: string;
  /** One sentence. */
  readonly doc: string;
  /** By the name written in the language. */
  readonly options: Readonly<Record<string, OptionEntry>>;
  /** Compiles, but a run refuses it by name. */
  readonly unavailable?: boolean;
}

export interface BackendEntry extends CatalogEntry {
  readonly capabilities: {
    readonly streaming: boolean;
    /** Produces text output (false for embeddings). */
    readonly outputTokens: boolean;
    readonly usage: boolean;
    readonly reasoning: boolean;
    /** Needs `url`; the simulator does not. */
    readonly url: 'required' | 'optional';
    /** Needs `model`. */
    readonly model: 'required' | 'optional';
    /** Understands ignore-eos. */
    readonly ignoreEos: boolean;
  };
}

export interface DatasetEntry extends CatalogEntry {
  /** Does the text follow the source name: `from jsonl "./x.jsonl"`. */
  readonly argument?: { readonly type: OptionType; readonly planKey: string; readonly doc: string };
  /** Knows how long its own answers are (recorded conversations). */
  readonly ownOutputLength: boolean;
  /** Can make prompts without end. */
  readonly endless: boolean;
  /** Carries arrival times. */
  readonly arrivals: boolean;
}

export interface SeriesEntry {
  readonly id: string;
  readonly dimension: Dimension;
  readonly doc: string;
}

export interface MonitorEntry extends CatalogEntry {
  readonly argument?: {
    readonly type: OptionType;
    readonly planKey: string;
    readonly doc: string;
    readonly required: boolean;
  };
  /** What it measures, by the name an SLA uses (`gpu.memory`). `open` monitors have series not known beforehand. */
  readonly series: readonly SeriesEntry[];
  readonly openSeries: boolean;
  readonly defaultEveryMs: number;
}

export interface ReportEntry extends CatalogEntry {
  readonly file: string;
  /** Not among those that are written when none is named. */
  readonly isOnRequest?: boolean;
}
