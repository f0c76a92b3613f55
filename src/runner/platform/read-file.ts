/** Files read piece by piece, in bounded memory. */
import { createReadStream } from 'node:fs';

const PIECE_BYTES = 2 ** 20;

/** Rejects with Node's error (`code`) when the file cannot be read. Stopping early closes the file. */
export async function* readFilePieces(path: string): AsyncGenerator<Uint8Array> {
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) yield piece as Uint8Array;
}
