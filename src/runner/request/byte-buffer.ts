const MIN_BYTES = 256;
/** What one large content has needed is not kept for the small ones after it. */
const MAX_SPARE_BYTES = 16 * 1024;
const NOTHING = new Uint8Array(0);

/** Bytes that arrive in pieces, kept up to a limit. Costs nothing until there are some. */
export class ByteBuffer {
  length = 0;
  private bytes: Uint8Array = NOTHING;
  private readonly maxBytes: number;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** False, and nothing is kept of it, when it does not fit. */
  append(source: Uint8Array, start = 0, end = source.length): boolean {
    const added = end - start;
    const needed = this.length + added;
    if (needed > this.maxBytes) return false;
    if (needed > this.bytes.length) this.grow(needed);
    // Below this size a loop beats the call into the engine.
    if (added <= 48) for (let at = 0; at < added; at += 1) this.bytes[this.length + at] = source[start + at] as number;
    else this.bytes.set(source.subarray(start, end), this.length);
    this.length = needed;
    return true;
  }

  appendByte(byte: number): boolean {
    if (this.length >= this.maxBytes) return false;
    if (this.length === this.bytes.length) this.grow(this.length + 1);
    this.bytes[this.length] = byte;
    this.length += 1;
    return true;
  }

  /** A view, good until the next change. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  /** Empty, for other contents. */
  reset(): void {
    this.length = 0;
    if (this.bytes.length > MAX_SPARE_BYTES) this.bytes = NOTHING;
  }

  private grow(neededBytes: number): void {
    // From Node's pool: small buffers of their own cost an allocation outside the heap each.
    const grown = Buffer.allocUnsafe(Math.min(this.maxBytes, Math.max(neededBytes, MIN_BYTES, this.bytes.length * 2)));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}
