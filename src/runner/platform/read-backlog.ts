/**
 * Network reads of one thread that were stamped and not yet looked at. What a read means takes about as long to find out as the read
 * itself: while many sockets are readable, the stamps of the later ones must not wait for what the earlier ones said. So the reads of
 * one turn of the event loop are stamped and copied first, and looked at afterwards, a few at a time, with another round of reads between.
 */

/** Told of one of its reads when its turn has come; reads come in the order they were stamped in. */
export interface ReadHandler {
  handleRead(bytes: Buffer, start: number, end: number, readAtMs: number): void;
}

/** Sockets read into the first part of the memory, which is the largest single read. */
const READ_BYTES = 64 * 1024;
/** What waits lies behind it, copied. */
const WAITING_BYTES = 1024 * 1024;
const MOST_WAITING = 8_192;
/** A larger read is looked at where it lies: copying it would cost more than it saves. */
const LARGE_BYTES = 4_096;
/** Looking at so many takes a tenth of a millisecond: no longer than it takes to be woken. */
const READS_PER_TURN = 16;

export class ReadBacklog {
  /** Where sockets are to read into. */
  readonly buffer: Buffer;
  readonly #memory = Buffer.allocUnsafeSlow(READ_BYTES + WAITING_BYTES);
  readonly #handlers: (ReadHandler | undefined)[] = new Array<ReadHandler | undefined>(MOST_WAITING).fill(undefined);
  readonly #stampsMs = new Float64Array(MOST_WAITING);
  readonly #starts = new Uint32Array(MOST_WAITING);
  readonly #ends = new Uint32Array(MOST_WAITING);
  /** Counted without end; places go round. */
  #taken = 0;
  #put = 0;
  #freeAt = READ_BYTES;
  #isTurnPlanned = false;
  #isHandling = false;
  readonly #nextTurn: (callback: () => void) => void;

  constructor(nextTurn: (callback: () => void) => void) {
    this.#nextTurn = nextTurn;
    this.buffer = this.#memory.subarray(0, READ_BYTES);
  }

  /** The first `sizeBytes` of `buffer` were read just now. They may be overwritten when this has returned. */
  put(handler: ReadHandler, sizeBytes: number, readAtMs: number): void {
    if (sizeBytes > LARGE_BYTES) {
      this.handleAll();
      handler.handleRead(this.buffer, 0, sizeBytes, readAtMs);
      return;
    }
    // Whoever is that far behind has no stamps to lose any more.
    if (this.#put - this.#taken === MOST_WAITING || this.#freeAt + sizeBytes > this.#memory.length) this.handleAll();
    const place = this.#put % MOST_WAITING;
    this.#memory.copyWithin(this.#freeAt, 0, sizeBytes);
    this.#handlers[place] = handler;
    this.#stampsMs[place] = readAtMs;
    this.#starts[place] = this.#freeAt;
    this.#freeAt += sizeBytes;
    this.#ends[place] = this.#freeAt;
    this.#put += 1;
    this.#planTurn();
  }

  /** Everything that waits is looked at now: what comes next depends on it. No effect for who is looking at one just now. */
  handleAll(): void {
    while (!this.#isHandling && this.#taken < this.#put) this.#handleNext();
  }

  #planTurn(): void {
    if (this.#isTurnPlanned) return;
    this.#isTurnPlanned = true;
    this.#nextTurn(this.#onTurn);
  }

  readonly #onTurn = (): void => {
    this.#isTurnPlanned = false;
    for (let left = READS_PER_TURN; left > 0 && this.#taken < this.#put; left -= 1) this.#handleNext();
    if (this.#taken < this.#put) this.#planTurn();
  };

  #handleNext(): void {
    const place = this.#taken % MOST_WAITING;
    const handler = this.#handlers[place] as ReadHandler;
    this.#handlers[place] = undefined;
    this.#taken += 1;
    this.#isHandling = true;
    try {
      handler.handleRead(
        this.#memory,
        this.#starts[place] as number,
        this.#ends[place] as number,
        this.#stampsMs[place] as number,
      );
    } finally {
      this.#isHandling = false;
      if (this.#taken === this.#put) this.#freeAt = READ_BYTES;
    }
  }
}
