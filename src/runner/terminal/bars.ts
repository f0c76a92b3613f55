/** Small pictures made of block characters. */

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** `ratio` of `columns` filled, to an eighth of a column, on a light ground: always `columns` wide. */
export function progressBar(ratio: number, columns: number): { readonly filled: string; readonly rest: string } {
  const clamped = Math.min(1, Math.max(0, Number.isFinite(ratio) ? ratio : 0));
  const eighths = Math.round(clamped * columns * 8);
  const whole = Math.floor(eighths / 8);
  const filled = '█'.repeat(whole) + (EIGHTHS[eighths % 8] ?? '');
  return { filled, rest: '░'.repeat(Math.max(0, columns - whole - (eighths % 8 === 0 ? 0 : 1))) };
}

/** The last `columns` values as heights between 0 and the largest of them; a value that is absent leaves a gap. */
export function sparkline(values: readonly (number | undefined)[], columns: number): string {
  const shown = values.slice(-columns);
  const largest = Math.max(0, ...shown.map((value) => value ?? 0));
  return shown
    .map((value) =>
      value === undefined
        ? ' '
        : (LEVELS[largest === 0 ? 0 : Math.min(7, Math.floor((value / largest) * 8))] ?? LEVELS[0]),
    )
    .join('');
}
