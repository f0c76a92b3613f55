/** Whether the load that was sent is the load that was declared: the gaps between requests against the declared law. */
import type { StageReport } from '../../../contract/report.ts';
import { dispersionTest } from '../statistics/dispersion.ts';
import { kolmogorovSmirnov } from '../statistics/kolmogorov-smirnov.ts';
import { gammaP } from '../statistics/special-functions.ts';
import { askedUntil, type StageWindow } from './stage-windows.ts';

export type ArrivalTest = Pick<StageReport['delivered'], 'ksPValue' | 'ksDistance' | 'dispersion'>;

/** Sending times kept for the test; of a longer stage its beginning is tested, whole. */
const MOST_TIMES = 100_000;
/** Gaps are pooled until they are this long, so that the timer's resolution does not pass for irregularity. */
const SHORTEST_POOLED_GAP_MS = 10;
const FEWEST_GAPS = 10;

/** Gathers when the generator set out to send, from the stage's start on. Records come in the order requests ended, not in this one. */
export class SendTimes {
  #times: number[] = [];
  #cutMs = Number.POSITIVE_INFINITY;

  add(sinceStartMs: number): void {
    if (sinceStartMs >= this.#cutMs) return;
    this.#times.push(sinceStartMs);
    if (this.#times.length <= MOST_TIMES) return;
    this.#times.sort((left, right) => left - right);
    this.#cutMs = this.#times[MOST_TIMES / 2] as number;
    this.#times.length = MOST_TIMES / 2;
  }

  /** Ascending. */
  build(): readonly number[] {
    return this.#times.toSorted((left, right) => left - right);
  }
}

/**
 * A rate that changes is taken out first: a time becomes the number of requests expected until then (the profile's integral), on
 * which every profile is one request per unit and the gaps follow the law of the arrivals with mean 1.
 */
export function testArrivals(window: StageWindow, sendTimes: readonly number[]): ArrivalTest {
  const { shape } = window.stage;
  const asked = askedUntil(window);
  if (shape.kind !== 'open' || asked === undefined || sendTimes.length <= FEWEST_GAPS) return {};
  const positions = sendTimes.map(asked);
  const { arrivals } = shape;
  if (arrivals.kind === 'constant') {
    const spanMs = (sendTimes.at(-1) as number) - (sendTimes[0] as number);
    const meanGapMs = spanMs / (sendTimes.length - 1);
    const pooled = Math.max(1, Math.ceil(SHORTEST_POOLED_GAP_MS / meanGapMs));
    const dispersion = dispersionTest(positions, pooled);
    return dispersion === undefined ? {} : { dispersion };
  }
  const burstiness = arrivals.kind === 'gamma' ? arrivals.burstiness : 1;
  const gaps = positions.slice(1).map((position, index) => position - (positions[index] as number));
  const { pValue, distance } = kolmogorovSmirnov(
    gaps.sort((left, right) => left - right),
    (gap) => gammaP(burstiness, gap * burstiness),
  );
  return { ksPValue: pValue, ksDistance: distance };
}
