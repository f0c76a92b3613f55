/** Colours of the terminal, in one place, so that a renderer says what a thing means and never writes an escape code itself. */

export type Paint = (text: string) => string;

export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly warning: Paint;
  readonly accent: Paint;
}

const sgr =
  (open: number, close: number): Paint =>
  (text) =>
    text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`;

const plain: Paint = (text) => text;

export const COLOURED: Style = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  good: sgr(32, 39),
  bad: sgr(31, 39),
  warning: sgr(33, 39),
  accent: sgr(36, 39),
};

export const UNCOLOURED: Style = {
  bold: plain,
  dim: plain,
  good: plain,
  bad: plain,
  warning: plain,
  accent: plain,
};

/** `NO_COLOR` (no-color.org) wins over `FORCE_COLOR`; without either, colour goes to terminals that can show it. */
export function wantsColour(environment: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  const { NO_COLOR: noColour = '', FORCE_COLOR: force, TERM: terminal } = environment;
  if (noColour !== '') return false;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return isTerminal && terminal !== 'dumb';
}
