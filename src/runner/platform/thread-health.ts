/** What a thread can tell of its own event loop: how late it was, how busy, and how long the garbage collector held it. */
import { monitorEventLoopDelay, performance, PerformanceObserver } from 'node:perf_hooks';

export interface ThreadHealth {
  /** Since the last sample. */
  sample(): ThreadHealthSample;
  dispose(): void;
}

export interface ThreadHealthSample {
  /** How much later than asked a timer of the loop fired. */
  readonly loopLagMsP99: number;
  readonly loopLagMsMax: number;
  /** Share of the time in which the loop had something to do, 0…1: at 1 it can take no more. */
  readonly cpuRatio: number;
  readonly gcPauseMsMax: number;
}

/** The delay monitor is a timer of this period; what it measures beyond the period is lag. */
const RESOLUTION_MS = 10;
export function createThreadHealth(): ThreadHealth {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let gcPauseMsMax = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) gcPauseMsMax = Math.max(gcPauseMsMax, duration);
  });
  observer.observe({ entryTypes: ['gc'] });
  let since = performance.eventLoopUtilization();

  return {
    sample() {
      const now = performance.eventLoopUtilization();
      const sample: ThreadHealthSample = {
        ...lagOf(delays),
        cpuRatio: performance.eventLoopUtilization(now, since).utilization,
        gcPauseMsMax,
      };
      since = now;
      gcPauseMsMax = 0;
      delays.reset();
      return sample;
    },
    dispose() {
      observer.disconnect();
      delays.disable();
    },
  };
}

function lagOf(
  delays: ReturnType<typeof monitorEventLoopDelay>,
): Pick<ThreadHealthSample, 'loopLagMsP99' | 'loopLagMsMax'> {
  if (delays.count === 0) return { loopLagMsP99: 0, loopLagMsMax: 0 };
  const beyond = (delayNs: number): number => Math.max(0, delayNs / 1e6 - RESOLUTION_MS);
  return { loopLagMsP99: beyond(delays.percentile(99)), loopLagMsMax: beyond(delays.max) };
}
