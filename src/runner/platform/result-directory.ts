/** Files of one result directory, as reading a record and writing reports need them. */
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { RunError } from '../../contract/errors.ts';
import { isDiskFull } from './disk-full.ts';
import { partName, RESULT_FILES } from '../../contract/record.ts';
import type { RecordSource } from '../measure/fold-record.ts';
import { runHolder } from './run-lock.ts';

const CHUNK_BYTES = 1 << 18;

export interface ResultDirectory extends RecordSource {
  /**
   * Replaces the file as a whole, so that a reader never sees half of it. Returns its absolute path.
   * @throws RunError RUN_OUTPUT_NOT_WRITABLE or RUN_DISK_FULL
   */
  writeText(name: string, text: string): Promise<string>;
  /** The same for a file that somebody else writes, to the path it is given. */
  writeWith(name: string, write: (path: string) => Promise<void>): Promise<string>;
}

export function openResultDirectory(directory: string): ResultDirectory {
  return {
    directory,
    readText: (name) => readIfThere(join(directory, name)),
    listParts: (name) => listParts(directory, name),
    readChunks: (name) => readChunksIfThere(join(directory, name)),
    isRunning: async () => (await runHolder(directory)) !== undefined,
    async readElsewhere(path) {
      const isDirectory = (await stat(path).catch(() => undefined))?.isDirectory() === true;
      return readIfThere(isDirectory ? join(path, RESULT_FILES.report) : path);
    },
    writeText: (name, text) => replace(join(directory, name), (path) => writeFile(path, text)),
    writeWith: (name, write) => replace(join(directory, name), write),
  };
}

async function replace(path: string, write: (path: string) => Promise<void>): Promise<string> {
  const growing = `${path}.part`;
  try {
    await write(growing);
    await rename(growing, path);
  } catch (cause) {
    await rm(growing, { force: true }).catch(() => {});
    throw cause instanceof RunError ? cause : cannotWrite(path, cause);
  }
  return path;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw cannotRead(path, error);
  }
}

const COMPRESSED = '.gz';

/** Parts that were compressed meanwhile (`gzip requests.2.jsonl`) count as well. */
async function listParts(directory: string, name: string): Promise<readonly string[]> {
  const there = new Set(await readdir(directory).catch(() => []));
  const parts: string[] = [];
  for (let part = 1; ; part += 1) {
    const plain = partName(name, part);
    const found = [plain, `${plain}${COMPRESSED}`].find((each) => there.has(each));
    if (found === undefined) return parts;
    parts.push(found);
  }
}

async function* readChunksIfThere(path: string): AsyncGenerator<Uint8Array> {
  try {
    if (path.endsWith(COMPRESSED)) yield* decompressed(path);
    else yield* piecesOf(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw cannotRead(path, error);
  }
}

/** All pieces in one buffer: a record of gigabytes leaves no garbage of its size. */
async function* piecesOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    const buffer = new Uint8Array(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function* decompressed(path: string): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  file.on('error', (error) => gunzip.destroy(error));
  yield* file.pipe(gunzip) as AsyncIterable<Uint8Array>;
}

function cannotRead(path: string, cause: unknown): RunError {
  return new RunError('RUN_RECORD_UNREADABLE', `Cannot read ${path}: ${messageOf(cause)}`, { cause });
}

function cannotWrite(path: string, cause: unknown): RunError {
  const isFull = isDiskFull(codeOf(cause));
  return new RunError(
    isFull ? 'RUN_DISK_FULL' : 'RUN_OUTPUT_NOT_WRITABLE',
    `Cannot write ${path}: ${isFull ? 'the disk is full' : messageOf(cause)}.`,
    {
      cause,
      hint: `The record is kept: \`benchwright report ${dirname(path)}\` makes the report once ${isFull ? 'there is room for it' : 'it can be written there'}.`,
    },
  );
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
