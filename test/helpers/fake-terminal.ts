/** A terminal that remembers what was written to it. */
import { PassThrough } from 'node:stream';
import type { Terminal } from '../../src/runner/terminal/terminal.ts';
import { UNCOLOURED } from '../../src/runner/terminal/style.ts';

export interface FakeTerminal extends Terminal {
  readonly out: () => string;
  readonly error: () => string;
}

export function fakeTerminal(changes: Partial<Terminal> = {}): FakeTerminal {
  let out = '';
  let error = '';
  const stream = new PassThrough() as unknown as NodeJS.WriteStream;
  stream.on('data', (bytes) => {
    out += String(bytes);
  });
  return {
    writeOut: (text) => {
      out += text;
    },
    writeError: (text) => {
      error += text;
    },
    isInteractive: false,
    columns: 80,
    rows: 24,
    style: UNCOLOURED,
    stream,
    showPath: (path) => path.replace('/home/ada/', ''),
    ...changes,
    out: () => out,
    error: () => error,
  };
}
