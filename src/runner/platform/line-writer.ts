/** Appends lines to a file in the background. What was written last is on its way, not yet on the disk, until `close` has resolved. */
import { createWriteStream } from 'node:fs';
import { RunError } from '../../contract/errors.ts';

export interface LineWriter {
  /** Rejects if the file cannot be opened. @throws RunError RUN_OUTPUT_NOT_WRITABLE */
  readonly opened: Promise<void>;
  write(line: string): void;
  /** @throws RunError RUN_OUTPUT_NOT_WRITABLE if any line could not be written. */
  close(): Promise<void>;
}

export function createLineWriter(path: string): LineWriter {
  const stream = createWriteStream(path, { flags: 'a' });
  let failure: Error | undefined;
  let closing: Promise<void> | undefined;
  stream.on('error', (error) => (failure ??= error));
  const notWritable = (cause: Error): RunError =>
    new RunError('RUN_OUTPUT_NOT_WRITABLE', `Cannot write ${path}: ${cause.message}`, { cause });
  const opened = new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve());
    stream.once('error', (error) => reject(notWritable(error)));
  });
  // Whoever does not wait for it hears of the failure from `close`.
  opened.catch(() => {});
  return {
    opened,
    write: (line) => void (failure === undefined && stream.write(`${line}\n`)),
    close: () =>
      (closing ??= new Promise((resolve, reject) => {
        const settle = (): void => {
          if (failure === undefined) resolve();
          else reject(notWritable(failure));
        };
        stream.once('close', settle);
        if (stream.closed) settle();
        else stream.end();
      })),
  };
}
