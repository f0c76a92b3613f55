/**
 * Hands a text to the kernel in this very call, without the stream around the socket: that makes an object and a callback for every write,
 * which at tens of thousands of small writes a second is garbage whose collection delays the next ones.
 */
import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';

/** Longer texts go through the stream. */
const ROOM_BYTES = 16 * 1024;
const room = Buffer.allocUnsafeSlow(ROOM_BYTES);

/** `text` is ASCII. What the kernel does not take, and all that comes while the stream holds something, goes through the stream, in order. */
export function writeAtOnce(socket: Socket, text: string): void {
  const descriptor = socket.writableLength === 0 && text.length <= ROOM_BYTES ? descriptorOf(socket) : -1;
  const taken = descriptor < 0 ? 0 : offer(descriptor, room.write(text, 'latin1'));
  if (taken < text.length) socket.write(taken === 0 ? text : text.slice(taken), 'latin1');
}

/** A full socket, and one whose other end is gone, take nothing; the stream finds out which it is. */
function offer(descriptor: number, lengthBytes: number): number {
  try {
    return writeSync(descriptor, room, 0, lengthBytes);
  } catch {
    return 0;
  }
}

/**
 * Asked each time, since a number is given to another file once it is closed. Node does not document it; where there is none (Windows, or a
 * Node that hides it) everything goes through the stream.
 */
function descriptorOf(socket: Socket): number {
  const { _handle: handle } = socket as unknown as { readonly _handle?: { readonly fd?: number } | null };
  return handle?.fd ?? -1;
}
