/** `500 ms` as `0.5 s`, `2 rps` as `120 rpm`: the same quantity in another unit, where it reads well. */
import type { LangiumDocument, Lexer } from 'langium';
import { findUnit, unitsOf } from '../../../contract/units.ts';
import { parseQuantity } from '../../values/quantity.ts';
import { tidy } from '../../values/value.ts';
import { EditedText } from './edit-blocks.ts';
import { fix, type Fix } from './problem.ts';

const MOST = 4;

export function convertedUnits(document: LangiumDocument, offset: number, lexer: Lexer): Fix[] {
  const text = new EditedText(document);
  const token = lexer
    .tokenize(text.text)
    .tokens.find((each) => each.startOffset <= offset && offset <= each.startOffset + each.image.length);
  if (token?.tokenType.name !== 'QUANTITY') return [];
  const { number, unitText } = parseQuantity(token.image);
  const unit = findUnit(unitText);
  if (unit === undefined) return [];
  const base = number * unit.factor;
  const others = unitsOf(unit.dimension).filter((each) => each.factor !== unit.factor);
  const written = others
    .map((each) => ({ value: tidy(base / each.factor), unit: each }))
    .filter(({ value }) => isReadable(value))
    .sort((left, right) => distance(left.value) - distance(right.value))
    .slice(0, MOST);
  return written.flatMap(({ value, unit: { symbol } }) =>
    fix(
      `Write it as \`${value} ${symbol}\``,
      [text.replace(token.startOffset, token.startOffset + token.image.length, `${value} ${symbol}`)],
      false,
    ),
  );
}

/** Few digits, and neither thousandths nor millions. */
function isReadable(value: number): boolean {
  return value >= 0.01 && value < 1e7 && value.toPrecision(6).replace(/\.?0+$/, '').length <= 8 && isExact(value);
}

/** A third of a minute has no short form, and a rounded one would be another quantity. */
function isExact(value: number): boolean {
  return String(value).replace(/^0\./, '').replace('.', '').length <= 6;
}

/** From what people like to read: 1 to 1000. */
function distance(value: number): number {
  return value < 1 ? -Math.log10(value) : Math.max(0, Math.log10(value / 1000));
}
