/**
 * Where a run leaves its results: `<file>.results/<UTC time>-<benchmark>/`, made anew for every run, never written over.
 * `latest.json` beside it names the newest, and tells a run that goes on from one that was killed.
 */
import { mkdir, open, readFile, rename, rm, rmdir, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pid } from 'node:process';
import { RunError } from '../../contract/errors.ts';
import { RESULT_FILES, type LatestResult } from '../../contract/record.ts';
import { isDiskFull } from './disk-full.ts';
import { releaseRunLock, takeRunLock, type RunHolder } from './run-lock.ts';

export interface RunDirectory {
  /** Absolute. */
  readonly path: string;
  readonly name: string;
  pathOf(file: string): string;
  /** @throws RunError RUN_OUTPUT_NOT_WRITABLE, RUN_DISK_FULL */
  write(file: string, text: string): Promise<void>;
  /** The directory was removed or moved away: the text is there again, and the directory is this process's. */
  putBack(file: string, text: string): Promise<void>;
  /** Writes latest.json; when finished or resumed, only if no newer run has been announced there meanwhile. */
  announce(state: LatestResult['state']): Promise<void>;
  /** Gives the disk back the room that was kept for a report: for when it is full. */
  releaseReserve(): Promise<void>;
  /** Removes the directory: the run never began. */
  discard(): Promise<void>;
}

export interface RunDirectoryOptions {
  /** `<file>.results`, or as the plan or the command line says. */
  readonly parent: string;
  readonly benchmark: string;
  readonly startedAt: Date;
}

/** A report on a full disk still needs room: so much is taken at the beginning, and given back when it is needed or the run is over. */
const RESERVE_BYTES = 4 * 1024 * 1024;

/** @throws RunError RUN_OUTPUT_NOT_WRITABLE, RUN_DISK_FULL */
export async function createRunDirectory(options: RunDirectoryOptions): Promise<RunDirectory> {
  const { benchmark, startedAt } = options;
  const parent = resolve(options.parent);
  let madeParent: string | undefined;
  let path: string | undefined;
  let reserve: FileHandle | undefined;
  try {
    madeParent = await mkdir(parent, { recursive: true });
    path = await makeUnused(parent, nameOf(startedAt, benchmark));
    await takeRunLock(path);
    reserve = await takeReserve(join(path, '.reserve'));
  } catch (error) {
    if (path !== undefined) await rm(path, { recursive: true, force: true });
    if (madeParent !== undefined) await rmdir(parent).catch(() => {});
    throw asRunError(await plainError(error, parent), parent);
  }
  const directory = path;
  const { releaseReserve, ...members } = membersOf(directory, { benchmark, startedAt, reserve });
  return {
    ...members,
    releaseReserve,
    async discard() {
      await releaseReserve();
      await rm(directory, { recursive: true, force: true });
      // Goes only if it is empty.
      if (madeParent !== undefined) await rmdir(parent).catch(() => {});
    },
  };
}

/**
 * The directory of a run that goes on. What is in it stays, whatever happens.
 * @throws RunError RUN_NOT_RESUMABLE when another process writes to it, RUN_OUTPUT_NOT_WRITABLE, RUN_DISK_FULL
 */
export async function reopenRunDirectory(path: string, benchmark: string, startedAt: Date): Promise<RunDirectory> {
  const directory = resolve(path);
  let reserve: FileHandle;
  try {
    const holder = await takeRunLock(directory);
    if (holder !== undefined) throw heldBy(directory, holder);
    reserve = await takeReserve(join(directory, '.reserve'));
  } catch (error) {
    throw error instanceof RunError ? error : asRunError(error, directory);
  }
  const members = membersOf(directory, { benchmark, startedAt, reserve, isResumed: true });
  return {
    ...members,
    async discard() {
      await members.releaseReserve();
      await releaseRunLock(directory);
    },
  };
}

export function heldBy(directory: string, { pid: processId, host }: RunHolder): RunError {
  return new RunError(
    'RUN_NOT_RESUMABLE',
    `The run in ${directory} still goes on: process ${processId} on ${host} writes to it.`,
    { hint: 'Wait for it, or stop it first. If that process is no run, remove the file .running in the directory.' },
  );
}

function membersOf(
  directory: string,
  given: {
    readonly benchmark: string;
    readonly startedAt: Date;
    readonly reserve: FileHandle | undefined;
    readonly isResumed?: boolean;
  },
): Omit<RunDirectory, 'discard'> {
  const parent = dirname(directory);
  const name = basename(directory);
  let { reserve } = given;
  return {
    path: directory,
    name,
    pathOf: (file) => join(directory, file),
    write: (file, text) =>
      writeFile(join(directory, file), text, { flag: 'wx' }).catch((error) => {
        throw asRunError(error, parent);
      }),
    async putBack(file, text) {
      await writeFile(join(directory, file), text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw asRunError(error, parent);
      });
      await takeRunLock(directory);
    },
    async announce(state) {
      if (state === 'finished') await releaseRunLock(directory);
      const latestPath = join(parent, RESULT_FILES.latest);
      const named = await directoryNamedIn(latestPath);
      const isTheirs = named !== undefined && named !== name;
      if (isTheirs && (state === 'finished' || given.isResumed === true)) return;
      const latest: LatestResult = {
        schema: 'benchwright/latest@1',
        directory: name,
        benchmark: given.benchmark,
        state,
        ...(state === 'running' ? { pid } : {}),
        startedAt: given.startedAt.toISOString(),
      };
      await replaceFile(latestPath, `${JSON.stringify(latest, undefined, 2)}\n`, name);
    },
    async releaseReserve() {
      await reserve?.close();
      reserve = undefined;
    },
  };
}

/** `2026-11-21T23-26-05Z-quickstart`; two runs within a second get `-2`, `-3` … */
async function makeUnused(parent: string, name: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const path = join(parent, attempt === 1 ? name : `${name}-${attempt}`);
    try {
      await mkdir(path);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt === 1_000) throw error;
    }
  }
}

function nameOf(startedAt: Date, benchmark: string): string {
  const time = startedAt
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
  return `${time}-${benchmark.replace(/[^\w.-]+/g, '_')}`;
}

/** An open file without a name: the system gives its room back when it is closed, also when this process is killed. */
async function takeReserve(path: string): Promise<FileHandle> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(reserveBytes());
    return file;
  } catch (error) {
    await file.close();
    throw error;
  } finally {
    await rm(path, { force: true });
  }
}

/** Bytes that no file system stores in less room. */
function reserveBytes(): Uint8Array {
  const bytes = new Uint32Array(RESERVE_BYTES / 4);
  let state = 0x9e3779b9;
  for (let index = 0; index < bytes.length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state;
  }
  return new Uint8Array(bytes.buffer);
}

async function directoryNamedIn(latestPath: string): Promise<string | undefined> {
  try {
    return (JSON.parse(await readFile(latestPath, 'utf8')) as LatestResult).directory;
  } catch {
    return undefined;
  }
}

/** Whoever reads it sees the old text or the new, never half of one. @param writer Tells apart who writes at the same moment. */
async function replaceFile(path: string, text: string, writer: string): Promise<void> {
  const temporary = `${path}.${writer}.tmp`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** What `mkdir` with `recursive` calls ENOENT on a read-only file system, by its own name. */
async function plainError(error: unknown, parent: string): Promise<unknown> {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return error;
  let missing = parent;
  while (dirname(missing) !== missing && (await stat(dirname(missing)).catch(() => undefined)) === undefined)
    missing = dirname(missing);
  try {
    await mkdir(missing);
    await rmdir(missing);
    return error;
  } catch (reason) {
    return reason;
  }
}

function asRunError(error: unknown, parent: string): RunError {
  const { code, message, path = parent } = error as NodeJS.ErrnoException;
  if (isDiskFull(code))
    return new RunError('RUN_DISK_FULL', `The disk of ${parent} is full.`, {
      cause: error,
      hint: `Make room for ${RESERVE_BYTES / 1024 / 1024} MiB and the record, or write the results elsewhere with --output.`,
    });
  return new RunError('RUN_OUTPUT_NOT_WRITABLE', `Results cannot be written to ${path}: ${reason(code, message)}.`, {
    cause: error,
    hint: remedy(code, path),
  });
}

function remedy(code: string | undefined, path: string): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `Give yourself the right to write in ${dirname(path)}, or write the results elsewhere with --output.`;
    case 'ENOTDIR':
    case 'EEXIST':
      return 'Name a directory with --output; one that is not there yet is made.';
    default:
      return 'Write the results elsewhere with --output.';
  }
}

function reason(code: string | undefined, message: string): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'there is a file of that name';
    default:
      return message;
  }
}
