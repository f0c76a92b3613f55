/** What became of one request. A failed request is a value of this type, never an exception. */

/** Closed list of what can go wrong; the class decides which rate it counts in. */
export const FAILURE_REASONS = {
  'dns-failed': { class: 'connection', doc: 'The host name could not be resolved.' },
  'connection-refused': { class: 'connection', doc: 'Nothing listens on the address.' },
  'connection-reset': { class: 'connection', doc: 'The server reset or closed the connection before an answer began.' },
  'tls-failed': { class: 'connection', doc: 'The TLS handshake failed.' },
  'connect-timeout': { class: 'timeout', doc: 'No connection within `timeout connect`.' },
  'first-token-timeout': { class: 'timeout', doc: 'No output within `timeout first-token`.' },
  'between-tokens-timeout': { class: 'timeout', doc: 'The stream stalled longer than `timeout between-tokens`.' },
  'total-timeout': { class: 'timeout', doc: 'The request took longer than `timeout total`.' },
  'http-status': { class: 'http', doc: 'An HTTP status other than 2xx; the status stands beside it.' },
  'rate-limited': { class: 'http', doc: 'HTTP 429.' },
  unauthorized: { class: 'http', doc: 'HTTP 401 or 403.' },
  'not-found': { class: 'http', doc: 'HTTP 404: wrong path or wrong model name.' },
  'wrong-content': {
    class: 'abnormal',
    doc: 'The answer is not what the protocol promises, e.g. an HTML page instead of a stream.',
  },
  'malformed-stream': { class: 'abnormal', doc: 'The stream carries something that cannot be read.' },
  'error-in-stream': { class: 'abnormal', doc: 'An `error` object inside a stream that began with 200.' },
  'stream-cut': { class: 'abnormal', doc: 'The connection ended before the stream said it was done.' },
  'empty-answer': { class: 'abnormal', doc: 'The stream ended well without any output.' },
  'too-large': { class: 'abnormal', doc: 'A line or an answer larger than the client is ready to hold.' },
  'out-of-sockets': {
    class: 'generator',
    doc: 'This machine ran out of file descriptors or ports (EMFILE, EADDRNOTAVAIL): the generator, not the server.',
  },
  internal: { class: 'generator', doc: 'A mistake of Benchwright; the log has the details.' },
} as const satisfies Record<string, { class: FailureClass; doc: string }>;

export type FailureClass = 'connection' | 'timeout' | 'http' | 'abnormal' | 'generator';
export type FailureReason = keyof typeof FAILURE_REASONS;

/**
 * `ok`: a complete answer. `failed`: see `reason`. `abandoned`: we hung up on purpose (declared by `abandon`).
 * `dropped`: never sent, the in-flight limit was reached under `overload drop`. `censored`: cut before its end: by us (the
 * drain was over, the run was cut; also while it waited for a slot), or lost with a runner that was killed.
 */
export type OutcomeKind = 'ok' | 'failed' | 'abandoned' | 'dropped' | 'censored';

/** The moments in the life of a request, in their order. */
export const REQUEST_INSTANTS = [
  'dueMs',
  'sentMs',
  'headersMs',
  'firstByteMs',
  'firstMs',
  'firstAnswerMs',
  'lastMs',
  'endMs',
] as const;

/** Where a token count comes from. */
export type TokenSource = 'usage' | 'tokenizer' | 'none';

/**
 * One line of requests.jsonl. All instants are ms since the run began, on one monotonic clock, to the microsecond;
 * absent where the thing did not happen. See measurement: due ≤ sent ≤ headers ≤ firstByte ≤ first ≤ last ≤ end.
 */
export interface RequestRecord {
  /**
   * Unique in the run: the request's number on the schedule; warm-up requests are negative. Later turns of an open loop's conversations
   * are not on the schedule: turn 3 of what request 17 began is 2000000017.
   */
  readonly id: number;
  /** Stage name; `warmup` for warm-up requests, which never count. */
  readonly stage: string;
  readonly backend: string;
  readonly dueMs: number;
  readonly sentMs?: number;
  /** How long connection set-up took (DNS, TCP, TLS), in ms, when this request had to open one: a duration, not an instant. */
  readonly connectMs?: number;
  readonly headersMs?: number;
  readonly firstByteMs?: number;
  readonly firstMs?: number;
  readonly firstAnswerMs?: number;
  readonly lastMs?: number;
  readonly endMs?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly reasoningTokens?: number;
  /** Of the input tokens, those the server says it took from its prefix cache. */
  readonly cachedTokens?: number;
  /** Output tokens by the declared local tokenizer, where the server's usage was taken and both are known. */
  readonly countedOutputTokens?: number;
  /** Tokens asked for (max tokens). */
  readonly askedOutputTokens?: number;
  readonly tokenSource?: TokenSource;
  /** Network reads that carried output. */
  readonly reads?: number;
  readonly outcome: OutcomeKind;
  readonly reason?: FailureReason;
  readonly status?: number;
  /** First 200 characters of what the server said about the failure, control characters removed, secrets redacted. */
  readonly detail?: string;
  readonly finishReason?: string;
  /** How long it waited for a slot under the declared limit in flight, ms; absent where it did not have to. */
  readonly heldMs?: number;
  /** Times it was sent again because its reused connection had been closed by the server before it got there; `sent` is the last time. */
  readonly resends?: number;
  /** It was in flight when the runner was killed: the line was added when the run was resumed, and says no more than when it was due. */
  readonly lost?: true;
  /** Where the dataset is a mix: the part of it that the request came from. */
  readonly dataset?: string;
  /** The conversation it belongs to, which turn of it this is (from 1), and how many it has. */
  readonly session?: string;
  readonly turn?: number;
  readonly turns?: number;
  /** Gaps between neighbouring output reads. */
  readonly itlMs?: readonly number[];
}
