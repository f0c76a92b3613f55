/** Text measured in terminal columns: a Chinese character takes two, a colour code none. */
import stringWidth from 'string-width';

// oxlint-disable-next-line no-control-regex -- the only escape codes in a line are the colours that style.ts put there
const COLOUR = /\u001b\[\d+m/y;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

export function widthOf(text: string): number {
  return stringWidth(text);
}

/** At most `columns` wide; what is cut is shown by `…`. Colours are kept and closed. */
export function fit(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (widthOf(text) <= columns) return text;
  const room = columns - 1;
  const open = new Set<string>();
  let result = '';
  let used = 0;
  for (let index = 0; index < text.length;) {
    COLOUR.lastIndex = index;
    const colour = COLOUR.exec(text)?.[0];
    if (colour !== undefined) {
      result += colour;
      remember(open, colour);
      index += colour.length;
      continue;
    }
    const next =
      graphemes
        .segment(text.slice(index, index + 64))
        [Symbol.iterator]()
        .next().value?.segment ?? '';
    const width = widthOf(next);
    if (used + width > room) break;
    result += next;
    used += width;
    index += next.length;
  }
  return `${result}…${[...open].join('')}`;
}

export function padEnd(text: string, columns: number): string {
  const fitted = fit(text, columns);
  return fitted + ' '.repeat(Math.max(0, columns - widthOf(fitted)));
}

export function padStart(text: string, columns: number): string {
  const fitted = fit(text, columns);
  return ' '.repeat(Math.max(0, columns - widthOf(fitted))) + fitted;
}

/** `left` and, against the right edge, `right`; when both do not fit, `left` gives way. */
export function spread(left: string, right: string, columns: number): string {
  if (right === '') return fit(left, columns);
  const rightText = fit(right, columns);
  const room = columns - widthOf(rightText) - 1;
  return room < 1 ? rightText : `${padEnd(left, room)} ${rightText}`;
}

/** Rows as columns, each as wide as its widest cell. `alignRight` says which columns hold numbers. */
export function table(
  rows: readonly (readonly string[])[],
  options: { readonly alignRight: readonly boolean[]; readonly gap?: number; readonly indent?: number },
): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(0, ...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  const gap = ' '.repeat(options.gap ?? 2);
  const indent = ' '.repeat(options.indent ?? 0);
  return rows.map((row) =>
    (
      indent +
      widths
        .map((width, column) => (options.alignRight[column] === true ? padStart : padEnd)(row[column] ?? '', width))
        .join(gap)
    ).trimEnd(),
  );
}

/** Words into lines of at most `columns`; later lines begin with `indent`. A word that is too long keeps its line. */
export function wrap(text: string, columns: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line === '') line = lines.length === 0 ? word : indent + word;
    else if (widthOf(line) + 1 + widthOf(word) <= columns) line += ` ${word}`;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** Keeps, in order, the codes that close the colours still open. */
function remember(open: Set<string>, colour: string): void {
  const code = Number(colour.slice(2, -1));
  if (code === 22 || code === 39) open.delete(colour);
  else open.add(code < 30 ? '\u001b[22m' : '\u001b[39m');
}
