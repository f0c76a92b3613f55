/** Lines of the live table and how they fit: a line gives up its last parts, the table its least telling lines. */
import { padEnd, widthOf } from './layout.ts';
import type { Style } from './style.ts';

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly style: Style;
}

/** A line and how soon it may be left out where the terminal is low: 0 never, 3 first. */
export interface Row {
  readonly text: string;
  readonly spare: 0 | 1 | 2 | 3;
}

export const LABEL_COLUMNS = 11;
export const BLANK: Row = { text: '', spare: 3 };

/** A label and as many parts as fit beside it. */
export function labelled(label: string, { columns, style }: Screen, parts: readonly string[]): string {
  let line = style.dim(padEnd(label, LABEL_COLUMNS - 1)) + ' ';
  for (const [index, part] of parts.entries()) {
    const next = index === 0 ? part : `   ${part}`;
    if (index > 0 && widthOf(line) + widthOf(next) > columns) break;
    line += next;
  }
  return line;
}

/** Leaves out the most spare rows, last ones first, until the rest fits. */
export function fitRows(rows: readonly Row[], height: number): readonly Row[] {
  const kept = [...rows];
  for (const spare of [3, 2, 1, 0] as const) {
    for (let index = kept.length - 1; index >= 0 && kept.length > height; index--) {
      if (kept[index]?.spare === spare) kept.splice(index, 1);
    }
  }
  return kept;
}
