/** Appends lines to a file in the background. What was written last is on its way, not yet on the disk, until `close` has resolved. */
import { createWriteStream } from 'node:fs';
import { RunError } from '../../contract/errors.ts';

export interface LineWriter {
  write(line: string): void;
  /** @throws RunError RUN_OUTPUT_NOT_WRITABLE if any line could not be written. */
  close(): Promise<void>;
}

export function createLineWriter(path: string): LineWriter {
  const stream = createWriteStream(path, { flags: 'a' });
  let failure: Error | undefined;
  stream.on('error', (error) => (failure ??= error));
  return {
    write: (line) => void (failure === undefined && stream.write(`${line}\n`)),
    close: () =>
      new Promise((resolve, reject) => {
        const settle = (): void => {
          if (failure === undefined) resolve();
          else
            reject(
              new RunError('RUN_OUTPUT_NOT_WRITABLE', `Cannot write ${path}: ${failure.message}`, { cause: failure }),
            );
        };
        stream.once('close', settle);
        if (stream.closed) settle();
        else stream.end();
      }),
  };
}
