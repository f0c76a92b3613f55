/** One plain HTTP request outside a run, over the same kind of connection as the run's: what a preflight asks of a server. */
import type { Dispatcher } from 'undici';
import type { Clock } from './clock.ts';
import type { HttpRoute } from './http-route.ts';
import { Connection } from './http.ts';

export interface ProbeAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body, cut after a megabyte. */
  readonly text: string;
}

/** `connect`: no connection in time; `answer`: a connection, but no answer. */
export class ProbeTimeoutError extends Error {
  readonly code = 'PROBE_TIMEOUT';
  readonly waitedFor: 'connect' | 'answer';

  constructor(waitedFor: 'connect' | 'answer') {
    super(`timeout (${waitedFor})`);
    this.waitedFor = waitedFor;
  }
}

const MOST_BODY_BYTES = 1024 * 1024;

/**
 * @param options.answerMs How long the whole answer may take once connected.
 * @throws ProbeTimeoutError; an Error with a `code`: of the system (ECONNREFUSED, ENOTFOUND …), of TLS, or of undici
 */
export function probe(
  route: HttpRoute,
  path: string,
  options: {
    readonly clock: Clock;
    readonly headers: Readonly<Record<string, string>>;
    readonly connectMs: number;
    readonly answerMs: number;
  },
): Promise<ProbeAnswer> {
  const { clock, headers, connectMs, answerMs } = options;
  return new Promise((resolve, reject) => {
    let cancelDeadline = clock.after(connectMs, () => end(new ProbeTimeoutError('connect')));
    let isOver = false;
    const parts: Uint8Array[] = [];
    let sizeBytes = 0;
    let head: Pick<ProbeAnswer, 'status' | 'headers'> | undefined;
    const end = (error?: Error): void => {
      if (isOver) return;
      isOver = true;
      cancelDeadline();
      connection.destroy();
      if (error !== undefined || head === undefined) reject(error ?? new Error('no answer'));
      else resolve({ ...head, text: Buffer.concat(parts).toString('utf8', 0, MOST_BODY_BYTES) });
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {},
      onResponseStart(_controller, status, responseHeaders) {
        if (status >= 200) head = { status, headers: responseHeaders };
      },
      onResponseData(_controller, bytes) {
        parts.push(bytes);
        sizeBytes += bytes.length;
        if (sizeBytes >= MOST_BODY_BYTES) end();
      },
      onResponseEnd: () => end(),
      onResponseError: (_controller, error) => end(error),
    };
    const connection: Connection = new Connection(route, clock, {
      onReady() {
        cancelDeadline();
        cancelDeadline = clock.after(answerMs, () => end(new ProbeTimeoutError('answer')));
        connection.dispatch({ method: 'GET', path, headers: { ...headers } }, handler);
      },
      onFailed: (_connection, error) => end(error),
      onClosed() {},
      onReadHandled() {},
    });
  });
}
