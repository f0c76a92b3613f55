/** One thing completion proposes; knows nothing of LSP. */
import type { OptionType } from '../../contract/catalog/describe.ts';
import { unitsOf, type Dimension } from '../../contract/units.ts';

export interface Proposal {
  readonly label: string;
  readonly kind: 'keyword' | 'property' | 'value' | 'unit' | 'metric' | 'statistic' | 'function' | 'name' | 'file';
  readonly detail?: string;
  readonly doc?: string;
  /** Written instead of the label. */
  readonly insert?: string;
  /** LSP snippet, written instead of the label. */
  readonly snippet?: string;
  /** Characters before the cursor it replaces, where that is not the word being typed. */
  readonly replace?: number;
  /** A file to import for the name to be known. */
  readonly importPath?: string;
  /** A question to the client, asked only when somebody chooses the proposal. */
  readonly asks?: { readonly command: string; readonly argument: unknown };
  /** Ask for proposals again once it is written. */
  readonly again?: boolean;
}

export type NamesInScope = readonly {
  readonly name: string;
  readonly detail: string;
  /** Set where the name is not known here yet: what to import. */
  readonly importPath?: string;
  /** Whether it may stand where a value of this type is wanted. */
  fits(type: OptionType): boolean;
}[];

/** `spaced`: the number ends right at the cursor, so a space comes first. */
export function unitItems(dimension: Dimension, spaced: boolean): readonly Proposal[] {
  return unitsOf(dimension).map((unit) => ({
    label: unit.symbol,
    kind: 'unit',
    doc: unit.doc,
    insert: spaced ? ` ${unit.symbol}` : unit.symbol,
  }));
}
