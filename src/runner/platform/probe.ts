/** One plain HTTP request outside a run, over the same kind of connection as the run's: what a preflight asks of a server. */
import type { Clock } from './clock.ts';
import type { HttpRoute } from './http-route.ts';
import { createRequestBytes } from './http-request.ts';
import { Connection, type AnswerListener } from './http.ts';

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
 * @throws ProbeTimeoutError; an Error with a `code`: of the system (ECONNREFUSED, ENOTFOUND …) or of TLS
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
    const listener: AnswerListener = {
      onHead(status, answerHeaders) {
        head = { status, headers: answerHeaders };
      },
      onBody(bytes, start, stop) {
        parts.push(Buffer.from(bytes.subarray(start, stop)));
        sizeBytes += stop - start;
        if (sizeBytes >= MOST_BODY_BYTES) end();
      },
      onEnd: () => end(),
      onBroken: (_kind, detail) => end(new Error(detail)),
      onLost: (error) => end(error),
    };
    const connection: Connection = new Connection(route, clock, {
      onReady() {
        cancelDeadline();
        cancelDeadline = clock.after(answerMs, () => end(new ProbeTimeoutError('answer')));
        connection.send(createRequestBytes(route)({ method: 'GET', path, headers, body: undefined }), listener);
      },
      onFailed: (_connection, error) => end(error),
      onClosed() {},
      onReadStamped() {},
      onReadHandled() {},
    });
  });
}
