/** What a misbehaving server writes, taken down and written again in other pieces: byte by byte, or all at once. */
import type { Socket } from 'node:net';
import { pause, type Answer, type Behaviour } from '../fixtures/servers/behaviour.ts';

export type Pieces = 'byte by byte' | 'all at once';

/** Longer than any behaviour waits before it ends its connection. */
const AFTERMATH_MS = 40;

export function inPieces(behaviour: Behaviour, pieces: Pieces): Behaviour {
  return async (answer) => {
    const { bytes, ending } = await takeDown(behaviour, answer);
    const { socket } = answer;
    if (pieces === 'all at once') socket.write(bytes);
    else
      for (const byte of bytes) {
        if (socket.destroyed) return;
        socket.write(Uint8Array.of(byte));
        // Client and server share the loop: after a turn the byte has been read.
        await new Promise((resolve) => setImmediate(resolve));
      }
    // A reset may overtake what was not read yet.
    await pause(5);
    if (ending === 'reset') socket.resetAndDestroy();
    if (ending === 'end') socket.end();
  };
}

async function takeDown(
  behaviour: Behaviour,
  answer: Answer,
): Promise<{ readonly bytes: Buffer; readonly ending: 'open' | 'end' | 'reset' }> {
  const parts: Buffer[] = [];
  let ending: 'open' | 'end' | 'reset' = 'open';
  const write = (part?: string | Uint8Array, written?: () => void): boolean => {
    if (part !== undefined) parts.push(Buffer.from(part as string));
    if (written !== undefined) queueMicrotask(written);
    return true;
  };
  const socket = {
    destroyed: false,
    write,
    end(part?: string | Uint8Array) {
      write(part);
      ending = 'end';
    },
    resetAndDestroy() {
      ending = 'reset';
    },
  };
  await behaviour({ ...answer, socket: socket as unknown as Socket });
  await pause(AFTERMATH_MS);
  return { bytes: Buffer.concat(parts), ending };
}
