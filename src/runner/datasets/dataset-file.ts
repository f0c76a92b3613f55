/** A dataset's file: read piece by piece, its mistakes told with file, line, what was expected and what was found. */
import { RunError } from '../../contract/errors.ts';
import type { DatasetPlan } from '../../contract/plan.ts';
import { readFilePieces } from '../platform/read-file.ts';
import { textOption } from './plan-options.ts';

export interface DatasetFile {
  readonly path: string;
  /** The same each time it is called: from the beginning. @throws RunError RUN_DATASET_MISSING, RUN_DATASET_MALFORMED (not text) */
  read(): AsyncGenerator<Uint8Array>;
  /** @throws RunError RUN_DATASET_MALFORMED, always */
  malformed(
    line: number,
    problem: { readonly expected: string; readonly found: string; readonly hint?: string },
  ): never;
  /** @throws RunError RUN_DATASET_EMPTY, always */
  empty(why: string): never;
}

/** Beginnings of files that are not plain UTF-8 text. */
const SIGNATURES: readonly (readonly [readonly number[], string, string])[] = [
  [[0x1f, 0x8b], 'a gzip archive', 'Unpack it with gunzip first.'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'a zstd archive', 'Unpack it with unzstd first.'],
  [[0x50, 0x4b, 0x03, 0x04], 'a zip archive', 'Unpack it first.'],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet file', 'Convert it to JSON Lines first.'],
  [[0xff, 0xfe], 'UTF-16 text', 'Convert it with iconv -f UTF-16 -t UTF-8.'],
  [[0xfe, 0xff], 'UTF-16 text', 'Convert it with iconv -f UTF-16 -t UTF-8.'],
  [
    [0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e, 0x20, 0x68, 0x74, 0x74, 0x70, 0x73, 0x3a, 0x2f, 0x2f, 0x67, 0x69, 0x74],
    'a Git LFS pointer',
    'Fetch the file itself with git lfs pull.',
  ],
];
const UTF8_MARK = [0xef, 0xbb, 0xbf];

export function openDatasetFile(plan: DatasetPlan): DatasetFile {
  const path = textOption(plan, 'path') ?? '';
  const fail = (
    code: 'RUN_DATASET_MISSING' | 'RUN_DATASET_MALFORMED' | 'RUN_DATASET_EMPTY',
    message: string,
    hint?: string,
    cause?: unknown,
  ): never => {
    throw new RunError(code, message, { hint, cause, location: plan.location });
  };
  const malformed: DatasetFile['malformed'] = (line, { expected, found, hint }) =>
    fail('RUN_DATASET_MALFORMED', `${path}:${line}: expected ${expected}, found ${found}.`, hint);

  async function* read(): AsyncGenerator<Uint8Array> {
    let isFirst = true;
    try {
      for await (const piece of readFilePieces(path)) {
        yield isFirst ? checkStart(piece) : piece;
        isFirst = false;
      }
    } catch (error) {
      if (error instanceof RunError) throw error;
      const { code = '', message } = error as NodeJS.ErrnoException;
      fail('RUN_DATASET_MISSING', describeUnreadable(plan, path, code, message), missingHint(code), error);
    }
  }
  const checkStart = (piece: Uint8Array): Uint8Array => {
    for (const [signature, found, hint] of SIGNATURES)
      if (startsWith(piece, signature)) malformed(1, { expected: 'UTF-8 text', found, hint });
    return startsWith(piece, UTF8_MARK) ? piece.subarray(UTF8_MARK.length) : piece;
  };

  return { path, read, malformed, empty: (why) => fail('RUN_DATASET_EMPTY', `${path}: ${why}`, EMPTY_HINT) };
}

const EMPTY_HINT = 'Widen `keep`, or use other data.';

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return bytes.length >= signature.length && signature.every((byte, index) => bytes[index] === byte);
}

function describeUnreadable(plan: DatasetPlan, path: string, code: string, message: string): string {
  if (code === 'ENOENT') return `Dataset ${plan.name}: there is no file ${path}.`;
  if (code === 'EISDIR') return `Dataset ${plan.name}: ${path} is a folder, not a file.`;
  return `Dataset ${plan.name}: ${path} cannot be read: ${message}.`;
}

function missingHint(code: string): string {
  if (code === 'EACCES') return 'Give yourself the right to read it.';
  return 'Paths in a scenario are relative to the file they stand in.';
}
