/** One plain HTTP request outside a run: what a preflight asks of a server. */
import { Agent, request } from 'undici';

export interface ProbeAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body, cut after a megabyte. */
  readonly text: string;
}

const MOST_BODY_BYTES = 1024 * 1024;

/**
 * @param options.answerMs How long the whole answer may take once connected.
 * @throws Error with a `code`: of the system (ECONNREFUSED, ENOTFOUND …), of TLS, or of undici (UND_ERR_…)
 */
export async function probe(
  url: string,
  options: {
    readonly headers: Readonly<Record<string, string>>;
    readonly connectMs: number;
    readonly answerMs: number;
  },
): Promise<ProbeAnswer> {
  // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in somebody's shell cannot switch it off unseen.
  const dispatcher = new Agent({ connect: { timeout: options.connectMs, rejectUnauthorized: true } });
  try {
    const answer = await request(url, {
      dispatcher,
      headers: options.headers,
      headersTimeout: options.answerMs,
      bodyTimeout: options.answerMs,
      signal: AbortSignal.timeout(options.connectMs + options.answerMs),
    });
    return { status: answer.statusCode, headers: answer.headers, text: await readStart(answer.body) };
  } finally {
    await dispatcher.destroy();
  }
}

async function readStart(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const part of body) {
    parts.push(part);
    sizeBytes += part.length;
    if (sizeBytes >= MOST_BODY_BYTES) break;
  }
  return Buffer.concat(parts).toString('utf8', 0, MOST_BODY_BYTES);
}
