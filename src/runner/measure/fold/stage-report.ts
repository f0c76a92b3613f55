/** What the report says of one stage: what was asked of the generator, what it delivered, and what came of it. */
import type { StageReport } from '../../../contract/report.ts';
import { factorAt } from '../../pacing/rate-changes.ts';
import { testArrivals } from './delivered-load.ts';
import type { InFlight } from './in-flight.ts';
import type { StageFold } from './stage-fold.ts';
import { askedUntil } from './stage-windows.ts';
import { measuredSamples, summarizeMetrics } from './summarize.ts';

export function reportStage(stage: StageFold, inFlight: InFlight): StageReport {
  const { window, requests, endMs, throughputWindowMs } = stage;
  const { startMs } = window;
  const { name, group } = window.stage;
  const lengthMs = endMs - startMs;
  const concurrencyMean = inFlight.meanIn(startMs, endMs);
  return {
    name,
    ...(group === undefined ? {} : { group }),
    startedMs: startMs,
    endedMs: endMs,
    windowMs: throughputWindowMs,
    asked: askedOf(stage, lengthMs),
    delivered: {
      ratePerSecond: lengthMs > 0 ? (stage.sentWithin * 1000) / lengthMs : 0,
      ...testArrivals(window, stage.sendTimes.build()),
      concurrencyMean,
      concurrencyPeak: inFlight.peakIn(startMs, endMs),
    },
    requests: requests.counts,
    metrics: summarizeMetrics(requests, measuredSamples(requests), throughputWindowMs, concurrencyMean),
  };
}

function askedOf({ window, scheduled }: StageFold, lengthMs: number): StageReport['asked'] {
  const { changes, plannedMs, stage } = window;
  const { shape } = stage;
  const inForce = (atMs: number): number => factorAt(changes, atMs);
  const changed = changes.length === 0 ? {} : { changes: changes.map(({ atMs, factor }) => ({ atMs, factor })) };
  switch (shape.kind) {
    case 'closed':
      return { users: Math.max(1, Math.round(shape.users * inForce(lengthMs))), ...changed };
    case 'replay':
      return { ...(lengthMs > 0 ? { ratePerSecond: (scheduled * 1000) / lengthMs } : {}), ...changed };
    case 'open': {
      const asked = askedUntil(window);
      // As planned where nobody changed it, also of a stage that was stopped.
      const overMs = changes.length === 0 ? plannedMs : lengthMs;
      if (asked === undefined || overMs === undefined || overMs <= 0) return changed;
      return { ratePerSecond: (asked(overMs) * 1000) / overMs, ...changed };
    }
  }
}
