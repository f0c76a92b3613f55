/** The text of one quantity token, taken apart. */
import { nearest } from '../../contract/nearest.ts';
import { UNITS, findUnit, type Unit } from '../../contract/units.ts';
import { MISSPELT_UNITS } from './misspelt-units.ts';

export interface QuantityText {
  readonly number: number;
  readonly numberText: string;
  readonly unitText: string;
  /** Where the unit begins within the token. */
  readonly unitOffset: number;
  /** Absent: there is no such unit. */
  readonly unit: Unit | undefined;
}

const PARTS = /^([0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?)[ \t]*(.*)$/s;

export function parseQuantity(text: string): QuantityText {
  const [, numberText = '0', unitText = ''] = PARTS.exec(text) ?? [];
  return {
    number: Number(numberText.replaceAll('_', '')),
    numberText,
    unitText,
    unitOffset: text.length - unitText.length,
    unit: findUnit(unitText),
  };
}

/** The unit somebody meant who wrote this. */
export function suggestUnit(unitText: string): string | undefined {
  return (
    MISSPELT_UNITS[unitText] ??
    nearest(
      unitText,
      UNITS.map((unit) => unit.symbol),
    )
  );
}
