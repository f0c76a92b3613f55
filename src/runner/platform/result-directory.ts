/** Files of one result directory, as reading a record and writing reports need them. */
import { createReadStream } from 'node:fs';
import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { RunError } from '../../contract/errors.ts';
import { partName, RESULT_FILES } from '../../contract/record.ts';
import type { RecordSource } from '../measure/fold-record.ts';
import { runHolder } from './run-lock.ts';

const CHUNK_BYTES = 1 << 20;

export interface ResultDirectory extends RecordSource {
  /**
   * Replaces the file as a whole, so that a reader never sees half of it. Returns its absolute path.
   * @throws RunError RUN_OUTPUT_NOT_WRITABLE or RUN_DISK_FULL
   */
  writeText(name: string, text: string): Promise<string>;
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
    async writeText(name, text) {
      const path = join(directory, name);
      const growing = `${path}.part`;
      try {
        await writeFile(growing, text);
        await rename(growing, path);
      } catch (cause) {
        throw cannotWrite(path, cause);
      }
      return path;
    },
  };
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
    const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
    if (!path.endsWith(COMPRESSED)) return yield* file as AsyncIterable<Uint8Array>;
    const gunzip = createGunzip();
    file.on('error', (error) => gunzip.destroy(error));
    yield* file.pipe(gunzip) as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw cannotRead(path, error);
  }
}

function cannotRead(path: string, cause: unknown): RunError {
  return new RunError('RUN_RECORD_UNREADABLE', `Cannot read ${path}: ${messageOf(cause)}`, { cause });
}

function cannotWrite(path: string, cause: unknown): RunError {
  const code = codeOf(cause) === 'ENOSPC' ? 'RUN_DISK_FULL' : 'RUN_OUTPUT_NOT_WRITABLE';
  return new RunError(code, `Cannot write ${path}: ${messageOf(cause)}`, {
    cause,
    hint: 'The record itself is kept: `benchwright report` makes the report once there is room for it.',
  });
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
