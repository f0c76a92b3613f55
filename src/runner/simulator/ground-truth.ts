/** The simulator's own record of when it wrote each token: what a client's figures are held against. */
import type { FaultKind } from './faults.ts';

/** One line of the record. Instants are ms on the machine's monotonic clock (`process.hrtime`), which all its processes share. */
export interface GroundTruthLine {
  /** Arrival number, from 0. */
  readonly request: number;
  /** The client's `x-request-id` header, where it sent one. */
  readonly requestId?: string;
  /** When the request had been read whole. */
  readonly receivedMs: number;
  /** For each token, how long after `receivedMs` its write began. An answer without stream has one write, for its last token. */
  readonly writtenAfterMs: readonly number[];
  readonly inputTokens: number;
  readonly outputTokens: number;
  /**
   * `client-gone`: the client hung up before the last token, or read nothing until it was cut. `refused`: an error status, nothing else.
   * `broken-off`: a fault ended it.
   */
  readonly ended: 'complete' | 'client-gone' | 'refused' | 'broken-off';
  /** What went wrong on purpose. */
  readonly fault?: FaultKind;
  /** Of an engine that queues and caches: how long the request waited, what it found in the prefix cache, how often it had to start again. */
  readonly engine?: { readonly queuedMs?: number; readonly cachedTokens: number; readonly preemptions: number };
}

export function formatGroundTruth(line: GroundTruthLine): string {
  return JSON.stringify({
    ...line,
    receivedMs: Math.round(line.receivedMs * 1e6) / 1e6,
    writtenAfterMs: line.writtenAfterMs.map(toMicroseconds),
    ...(line.engine?.queuedMs === undefined
      ? {}
      : { engine: { ...line.engine, queuedMs: toMicroseconds(line.engine.queuedMs) } }),
  });
}

function toMicroseconds(valueMs: number): number {
  return Math.round(valueMs * 1e3) / 1e3;
}

/** Text of a record → its lines. A last line that is cut is left out. */
export function parseGroundTruth(text: string): GroundTruthLine[] {
  const complete = text.slice(0, text.lastIndexOf('\n') + 1);
  return complete
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as GroundTruthLine);
}
