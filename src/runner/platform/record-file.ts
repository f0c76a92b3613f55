/**
 * A file that only grows, whole lines at a time: the record of a run.
 *
 * What is appended is handed to the operating system at once, in the background and in order, so a killed process loses nothing that was
 * appended. At most every second, and when the file is closed, it is also forced to the disk (fdatasync), so a machine that loses power
 * loses about a second. If the disk refuses (full, gone), the last line is taken back if only a part of it could be written. A file that
 * was removed or moved away is made again where it was, with all that is in it.
 */
import { mkdir, open, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from './clock.ts';

/** What a RecordFile needs of a file; tests give their own. */
export interface RecordSink {
  /** Writes a part or all; returns how much. */
  write(bytes: Uint8Array): Promise<number>;
  sync(): Promise<void>;
  truncate(sizeBytes: number): Promise<void>;
  close(): Promise<void>;
  /** Makes the file again, with what it holds, if it does not lie where it was made any more: then `true`. */
  putBack(): Promise<boolean>;
}

export interface RecordFile {
  append(lines: string | Uint8Array): void;
  /** Resolves when what was appended so far is with the operating system, or could not be written. Never rejects. */
  flushed(): Promise<void>;
  /** Tries again after a failure with what could not be written, up to this size; the newest lines beyond it are given up. */
  retry(mostBytes?: number): Promise<void>;
  /** Flushes, forces to disk, closes. Returns the failure if something could not be written. Never rejects. */
  close(): Promise<Error | undefined>;
  readonly sizeBytes: number;
}

export interface RecordFileOptions {
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Called once for each failure; nothing more is written until `retry`. */
  readonly onFailed: (error: NodeJS.ErrnoException) => void;
  /** It was removed or moved away, and is back. */
  readonly onPutBack?: () => void;
}

const SYNC_EVERY_MS = 1_000;
/** What is kept in memory after a failure, for a retry; beyond it the newest lines are given up. */
const MOST_PENDING_BYTES = 64 * 1024 * 1024;

/** @param options.mayExist Go on with a file that is there; else it must not be. */
export async function openRecordFile(
  path: string,
  options: RecordFileOptions & { readonly mayExist?: boolean },
): Promise<RecordFile> {
  const file = await open(path, options.mayExist === true ? 'a+' : 'ax+');
  return createRecordFile(sinkOf(path, file), options, (await file.stat()).size);
}

/** @param existingBytes What the file holds already. */
export function createRecordFile(
  sink: RecordSink,
  { clock, onFailed, onPutBack }: RecordFileOptions,
  existingBytes = 0,
): RecordFile {
  const encoder = new TextEncoder();
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let sizeBytes = existingBytes;
  let failure: NodeJS.ErrnoException | undefined;
  let writing: Promise<void> | undefined;
  let syncing: Promise<void> | undefined;
  let syncedAtMs = clock.nowMs();

  const fail = (error: unknown): void => {
    if (failure !== undefined) return;
    failure = error as NodeJS.ErrnoException;
    onFailed(failure);
  };
  /** Everything pending in one piece; on failure the file ends where it did before. */
  const writeOut = async (): Promise<void> => {
    while (pending.length > 0 && failure === undefined) {
      const bytes = pending.length === 1 ? (pending[0] as Uint8Array) : Buffer.concat(pending);
      pending = [];
      let written = 0;
      try {
        while (written < bytes.length) written += await sink.write(bytes.subarray(written));
        sizeBytes += bytes.length;
        pendingBytes -= bytes.length;
      } catch (error) {
        pending.unshift(await keepWholeLines(bytes, written));
        fail(error);
      }
      await lookAfter();
    }
    writing = undefined;
  };
  /** After a failure: lines that were written in full stay; what follows them is taken back and returned. */
  const keepWholeLines = async (bytes: Uint8Array, written: number): Promise<Uint8Array> => {
    const whole = bytes.lastIndexOf(0x0a, written - 1) + 1;
    const kept = written === 0 ? 0 : whole;
    sizeBytes += kept;
    pendingBytes -= kept;
    await sink.truncate(sizeBytes).catch(() => {});
    return bytes.subarray(kept);
  };
  /** Between two writes: nothing may be written while the file is copied. */
  const putBack = async (): Promise<void> => {
    try {
      if (await sink.putBack()) onPutBack?.();
    } catch (error) {
      fail(error);
    }
  };
  const lookAfter = async (): Promise<void> => {
    if (syncing !== undefined || clock.nowMs() - syncedAtMs < SYNC_EVERY_MS) return;
    syncedAtMs = clock.nowMs();
    await putBack();
    syncing = sink
      .sync()
      .catch(fail)
      .then(() => {
        syncing = undefined;
      });
  };
  const start = (): void => {
    if (failure === undefined && pending.length > 0) writing ??= writeOut();
  };

  return {
    append(lines) {
      const bytes = typeof lines === 'string' ? encoder.encode(lines) : lines;
      if (bytes.length === 0 || (failure !== undefined && pendingBytes + bytes.length > MOST_PENDING_BYTES)) return;
      pending.push(bytes);
      pendingBytes += bytes.length;
      start();
    },
    async flushed() {
      while (writing !== undefined) await writing;
    },
    async retry(mostBytes = MOST_PENDING_BYTES) {
      await this.flushed();
      failure = undefined;
      while (pendingBytes > mostBytes) pendingBytes -= pending.pop()?.length ?? pendingBytes;
      start();
      await this.flushed();
    },
    async close() {
      await this.flushed();
      await syncing;
      await putBack();
      await this.flushed();
      if (failure === undefined) await sink.sync().catch(fail);
      await sink.close().catch(fail);
      return failure;
    },
    get sizeBytes() {
      return sizeBytes;
    },
  };
}

const COPIED_AT_ONCE_BYTES = 1024 * 1024;

function sinkOf(path: string, opened: FileHandle): RecordSink {
  let file = opened;
  return {
    write: async (bytes) => (await file.write(bytes)).bytesWritten,
    sync: () => file.datasync(),
    truncate: (sizeBytes) => file.truncate(sizeBytes),
    close: () => file.close(),
    async putBack() {
      if (await isAt(path, file)) return false;
      await mkdir(dirname(path), { recursive: true });
      const again = await open(path, 'ax+');
      try {
        await copy(file, again);
      } catch (error) {
        await again.close();
        throw error;
      }
      await file.close();
      file = again;
      return true;
    },
  };
}

async function isAt(path: string, file: FileHandle): Promise<boolean> {
  const [there, own] = await Promise.all([stat(path).catch(() => undefined), file.stat()]);
  return there !== undefined && there.ino === own.ino && there.dev === own.dev;
}

async function copy(from: FileHandle, to: FileHandle): Promise<void> {
  const buffer = new Uint8Array(COPIED_AT_ONCE_BYTES);
  for (let position = 0; ;) {
    const { bytesRead } = await from.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return;
    await to.writeFile(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
}
