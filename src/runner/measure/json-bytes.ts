/** JSON written straight into bytes: as strings, records would be carried from one garbage collection to the next. */

const FIRST_BYTES = 64 * 1024;
/** Below this size a loop beats the call into the engine. */
const LOOPED_BYTES = 48;
const ZERO = 48;
const MINUS = 45;
const POINT = 46;
/** Of any number: `-1.2345678901234567e-300`. */
const MOST_NUMBER_BYTES = 32;
const INT32_LIMIT = 2 ** 31;

export class JsonBytes {
  length = 0;
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);

  /** Bytes made ahead. */
  raw(source: Uint8Array): void {
    const { length } = source;
    this.#reserve(length);
    const bytes = this.#bytes;
    const from = this.length;
    if (length > LOOPED_BYTES) bytes.set(source, from);
    else for (let at = 0; at < length; at += 1) bytes[from + at] = source[at] as number;
    this.length = from + length;
  }

  byte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.length++] = byte;
  }

  /** Without quotes, as it is. */
  ascii(text: string): void {
    this.#reserve(text.length);
    const bytes = this.#bytes;
    const from = this.length;
    for (let at = 0; at < text.length; at += 1) bytes[from + at] = text.charCodeAt(at);
    this.length = from + text.length;
  }

  /** A JSON string. */
  text(text: string): void {
    const quoted = JSON.stringify(text);
    // No UTF-16 unit takes more than three bytes.
    this.#reserve(quoted.length * 3);
    this.length += this.#bytes.write(quoted, this.length, 'utf8');
  }

  /** As a template prints it. */
  number(value: number): void {
    this.#reserve(MOST_NUMBER_BYTES);
    if ((value | 0) !== value) return this.ascii(String(value));
    if (value < 0) this.#bytes[this.length++] = MINUS;
    this.#digits(Math.abs(value));
  }

  /** Rounded to a thousandth and printed as a template prints it, by whole numbers: no string is made. */
  decimal(value: number): void {
    this.#reserve(MOST_NUMBER_BYTES);
    const thousandths = Math.round(value * 1000);
    const size = Math.abs(thousandths);
    const whole = Math.floor(size / 1000);
    // Also what is no number.
    if (!(whole < INT32_LIMIT)) return this.ascii(String(thousandths / 1000));
    if (thousandths < 0) this.#bytes[this.length++] = MINUS;
    this.#digits(whole);
    const fraction = size - whole * 1000;
    if (fraction > 0) this.#fraction(fraction);
  }

  /** A copy of what was written, and begins anew. */
  take(): Uint8Array {
    const taken = Uint8Array.prototype.slice.call(this.#bytes, 0, this.length);
    this.length = 0;
    return taken;
  }

  #fraction(thousandths: number): void {
    const bytes = this.#bytes;
    const tenths = (thousandths / 100) | 0;
    const hundredths = ((thousandths / 10) | 0) - tenths * 10;
    const rest = thousandths % 10;
    bytes[this.length++] = POINT;
    bytes[this.length++] = ZERO + tenths;
    if (hundredths === 0 && rest === 0) return;
    bytes[this.length++] = ZERO + hundredths;
    if (rest > 0) bytes[this.length++] = ZERO + rest;
  }

  /** Of a whole number below 2^32. */
  #digits(value: number): void {
    let count = 1;
    for (let limit = 10; value >= limit; limit *= 10) count += 1;
    let left = value >>> 0;
    const bytes = this.#bytes;
    const from = this.length;
    for (let at = from + count - 1; at >= from; at -= 1) {
      const tenth = (left / 10) >>> 0;
      bytes[at] = ZERO + left - tenth * 10;
      left = tenth;
    }
    this.length = from + count;
  }

  #reserve(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.length));
    this.#bytes = grown;
  }
}
