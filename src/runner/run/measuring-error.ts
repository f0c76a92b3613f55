/** What a client measured against what a server wrote. Pure. */
import type { RequestRecord } from '../../contract/outcome.ts';
import type { CalibrationData } from '../../contract/record.ts';
import type { GroundTruthLine } from '../simulator/ground-truth.ts';

type Measured = Pick<
  Extract<CalibrationData, { state: 'measured' }>,
  'state' | 'requests' | 'gaps' | 'ttftErrorMs' | 'itlErrorMs'
>;

/**
 * Error of a reported percentile: the percentile of what was measured less the percentile of what was written. The true time to the first
 * token counts from the client's own `sent`, as the measured one does. Requests are paired in the order of sending and of arriving; two
 * that left in the same moment may change places, which changes no percentile.
 * @param clock `originMs`: the client's time 0 on the machine's monotonic clock; `fromMs`: requests sent before are left out, on the client's.
 * @throws Error when nothing can be compared
 */
export function measuringError(
  records: readonly RequestRecord[],
  truth: readonly GroundTruthLine[],
  { originMs, fromMs }: { readonly originMs: number; readonly fromMs: number },
): Measured {
  const all = records
    .filter(({ outcome }) => outcome === 'ok')
    .toSorted((left, right) => (left.sentMs as number) - (right.sentMs as number));
  const allWritten = truth
    .filter(({ ended }) => ended === 'complete')
    .toSorted((left, right) => left.receivedMs - right.receivedMs);
  if (all.length !== allWritten.length)
    throw new Error(`${all.length} answers came of ${allWritten.length} that were written`);
  const early = all.findIndex(({ sentMs }) => (sentMs as number) >= fromMs);
  if (early < 0) throw new Error('no answer came in time');
  const [sent, written] = [all.slice(early), allWritten.slice(early)];
  const ttft = sent.map(({ firstMs, sentMs }) => (firstMs as number) - (sentMs as number));
  const trueTtft = written.map(
    ({ receivedMs, writtenAfterMs }, index) =>
      receivedMs + (writtenAfterMs[0] as number) - originMs - (sent[index]?.sentMs as number),
  );
  const gaps = sent.flatMap(({ itlMs }) => itlMs ?? []);
  const trueGaps = written.flatMap(({ writtenAfterMs }) =>
    writtenAfterMs.slice(1).map((afterMs, index) => afterMs - (writtenAfterMs[index] as number)),
  );
  if (gaps.length === 0) throw new Error('no answer had a second token');
  return {
    state: 'measured',
    requests: sent.length,
    gaps: gaps.length,
    ttftErrorMs: errorOf(ttft, trueTtft),
    itlErrorMs: errorOf(gaps, trueGaps),
  };
}

function errorOf(
  measured: readonly number[],
  written: readonly number[],
): { readonly p50: number; readonly p99: number } {
  const error = (at: number): number => percentile(measured, at) - percentile(written, at);
  return { p50: error(0.5), p99: error(0.99) };
}

/** Nearest rank. */
function percentile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * at) - 1)] as number;
}
