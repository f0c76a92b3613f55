/** Reading files: large ones piece by piece, in bounded memory. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';

const PIECE_BYTES = 2 ** 20;

/** Rejects with Node's error (`code`) when the file cannot be read. Stopping early closes the file. */
export async function* readFilePieces(path: string): AsyncGenerator<Uint8Array> {
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) yield piece as Uint8Array;
}

/** A whole text file. Rejects with Node's error (`code`). */
export async function readTextFile(path: string): Promise<string> {
  return readFile(path, 'utf8');
}
