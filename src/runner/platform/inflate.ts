/**
 * Undoes the compression of an answer nobody asked to compress. Work happens off the thread; output is attributed to the
 * network read it came from, so that stamps stay those of the reads.
 */
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress, constants } from 'node:zlib';
import type { Transform } from 'node:stream';

/** Compressed bytes waiting to be undone, per answer. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** Guard against a small answer that unfolds without end. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip({ flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }),
  'x-gzip': () => createGunzip({ flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }),
  deflate: () => createInflate({ flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH }),
  zstd: () => createZstdDecompress({ flush: constants.ZSTD_e_flush }),
};

export interface InflaterEvents {
  /** Bytes that the read stamped `readAtMs` made readable. */
  onInflated(bytes: Uint8Array, readAtMs: number): void;
  onInflateEnd(): void;
  onInflateError(kind: 'malformed' | 'too-large'): void;
}

export interface Inflater {
  /** Takes a copy. */
  write(bytes: Uint8Array, readAtMs: number): void;
  end(): void;
  dispose(): void;
}

/** `undefined`: this `content-encoding` is not known. */
export function createInflater(contentEncoding: string, events: InflaterEvents): Inflater | undefined {
  const create = DECODERS[contentEncoding.trim().toLowerCase()];
  return create === undefined ? undefined : new StreamInflater(create(), events);
}

class StreamInflater implements Inflater {
  private readonly stream: Transform;
  private readonly events: InflaterEvents;
  private readonly waiting: { readonly bytes: Buffer; readonly readAtMs: number }[] = [];
  private waitingBytes = 0;
  private outputBytes = 0;
  private isBusy = false;
  private isEnding = false;
  private isOver = false;
  private readAtMs = 0;

  constructor(stream: Transform, events: InflaterEvents) {
    this.stream = stream;
    this.events = events;
    stream.on('data', (bytes: Buffer) => this.output(bytes));
    stream.once('end', () => this.finish(() => events.onInflateEnd()));
    stream.on('error', () => this.finish(() => events.onInflateError('malformed')));
  }

  write(bytes: Uint8Array, readAtMs: number): void {
    if (this.isOver) return;
    this.waitingBytes += bytes.length;
    if (this.waitingBytes > MAX_WAITING_BYTES) return this.finish(() => this.events.onInflateError('too-large'));
    this.waiting.push({ bytes: Buffer.from(bytes), readAtMs });
    this.next();
  }

  end(): void {
    this.isEnding = true;
    this.next();
  }

  dispose(): void {
    this.finish(() => {});
  }

  /** One read at a time: its output is out before the next one goes in. */
  private next(): void {
    if (this.isBusy || this.isOver) return;
    const read = this.waiting.shift();
    if (read === undefined) {
      if (this.isEnding) {
        this.isBusy = true;
        this.stream.end();
      }
      return;
    }
    this.isBusy = true;
    this.readAtMs = read.readAtMs;
    this.stream.write(read.bytes, () => {
      this.waitingBytes -= read.bytes.length;
      this.isBusy = false;
      this.next();
    });
  }

  private output(bytes: Buffer): void {
    if (this.isOver) return;
    this.outputBytes += bytes.length;
    if (this.outputBytes > MAX_OUTPUT_BYTES) this.finish(() => this.events.onInflateError('too-large'));
    else this.events.onInflated(bytes, this.readAtMs);
  }

  private finish(tell: () => void): void {
    if (this.isOver) return;
    this.isOver = true;
    this.stream.destroy();
    tell();
  }
}
