/** What the command line writes to: two streams, a size, a style. Handed in, so that a test reads what a person would see. */
import type { Keyboard } from './keyboard.ts';
import type { Style } from './style.ts';
import { COLOURED, UNCOLOURED, wantsColour } from './style.ts';

export interface Terminal {
  /** Results: what a pipe wants. Never throws, also when nobody reads any more. */
  writeOut(text: string): void;
  /** Everything said beside the result. */
  writeError(text: string): void;
  readonly isInteractive: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly style: Style;
  /** For the live table, which redraws. */
  readonly stream: NodeJS.WriteStream;
  /** Absent where nobody sits at one. */
  readonly keyboard?: Keyboard;
  /** A path as people read it here: relative where that is shorter. */
  readonly showPath: (path: string) => string;
}

const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

export function createTerminal(options: {
  readonly out: NodeJS.WriteStream;
  readonly error: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly showPath: (path: string) => string;
  readonly keyboard?: Keyboard;
}): Terminal {
  const { out, error, environment, showPath, keyboard } = options;
  const isInteractive = out.isTTY === true && environment['TERM'] !== 'dumb';
  return {
    writeOut: tolerantWriter(out),
    writeError: tolerantWriter(error),
    isInteractive,
    get columns() {
      return out.columns ?? DEFAULT_COLUMNS;
    },
    get rows() {
      return out.rows ?? DEFAULT_ROWS;
    },
    style: wantsColour(environment, out.isTTY === true) ? COLOURED : UNCOLOURED,
    stream: out,
    showPath,
    ...(keyboard === undefined || !isInteractive ? {} : { keyboard }),
  };
}

/** A reader that went away (`| head`) ends the output, not the run. */
function tolerantWriter(stream: NodeJS.WriteStream): (text: string) => void {
  let isGone = false;
  stream.on('error', () => {
    isGone = true;
  });
  return (text) => {
    if (!isGone) stream.write(text);
  };
}
