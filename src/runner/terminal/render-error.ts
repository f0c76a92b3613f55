/** A RunError for people: what happened, where in the scenario, and what to do. */
import type { RunErrorData } from '../../contract/errors.ts';
import { wrap } from './layout.ts';
import type { Style } from './style.ts';

export interface ErrorOptions {
  readonly columns: number;
  readonly style: Style;
  readonly showPath: (path: string) => string;
}

export function renderError(error: RunErrorData, { columns, style, showPath }: ErrorOptions): readonly string[] {
  const { location } = error;
  return [
    ...wrap(`${style.bold(style.bad('error'))} ${style.dim(error.code)}  ${error.message}`, columns, '  '),
    ...(location === undefined
      ? []
      : [style.dim(`  at ${showPath(location.file)}:${location.line}:${location.column}`)]),
    ...(error.hint === undefined ? [] : wrap(error.hint, columns - 2, '').map((line) => `  ${line}`)),
  ];
}
