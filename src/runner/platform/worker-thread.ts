/** Worker threads: where their entries lie, in the sources and in dist, and the pipe to and from them. */
import { fileURLToPath } from 'node:url';
import { parentPort, Worker, type ResourceLimits } from 'node:worker_threads';
import type { Port } from '../../contract/protocol/channel.ts';

/** Entry → its source, from this file. In dist every bundle lies beside `<entry>.js`. */
const ENTRIES = { simulator: '../simulator/main.ts', 'load-worker': '../run/load-worker.ts' } as const;
export type WorkerEntry = keyof typeof ENTRIES;

function workerEntryUrl(entry: WorkerEntry): URL {
  const here = import.meta.url;
  return new URL(fileURLToPath(here).endsWith('.ts') ? ENTRIES[entry] : `./${entry}.js`, here);
}

export interface WorkerThread {
  readonly port: Port;
  /** Resolves when the thread has ended, with what it threw if it broke. */
  readonly ended: Promise<Error | undefined>;
  terminate(): Promise<void>;
}

export function startWorkerThread(
  entry: WorkerEntry,
  options: { readonly resourceLimits?: ResourceLimits } = {},
): WorkerThread {
  const worker = new Worker(workerEntryUrl(entry), { name: entry, ...options });
  const ended = new Promise<Error | undefined>((resolve) => {
    worker.once('error', resolve);
    worker.once('exit', () => resolve(undefined));
  });
  return {
    port: {
      post: (message) => worker.postMessage(message),
      onMessage(listener) {
        worker.on('message', listener);
        return () => worker.off('message', listener);
      },
    },
    ended,
    terminate: async () => {
      await worker.terminate();
    },
  };
}

/** The other end of the pipe, inside the thread. Buffers in `transfer` are handed over, not copied. */
export interface ParentPort extends Port {
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
}

export function connectToParent(): ParentPort {
  const port = parentPort;
  if (port === null) throw new Error('This file is the entry of a worker thread.');
  return {
    post: (message, transfer) => port.postMessage(message, transfer),
    onMessage(listener) {
      port.on('message', listener);
      return () => port.off('message', listener);
    },
  };
}
