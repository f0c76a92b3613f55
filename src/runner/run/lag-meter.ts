import type { WorkerHealth } from './worker-messages.ts';

/** How late requests were handed over since the last sample, for reasons of the generator: what it can do, not what the server does. */
export interface LagMeter {
  record(lagMs: number): void;
  /** And begins anew. Zeros where no request was due. */
  sample(): Pick<WorkerHealth, 'scheduleLagMsP99' | 'scheduleLagMsMax' | 'scheduleLagsMs'>;
}

export function createLagMeter(): LagMeter {
  let lagsMs: number[] = [];
  return {
    record: (lagMs) => void lagsMs.push(Math.max(0, lagMs)),
    sample() {
      const sorted = Float64Array.from(lagsMs).sort();
      lagsMs = [];
      // Nearest rank.
      const p99 = sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
      return { scheduleLagMsP99: p99, scheduleLagMsMax: sorted.at(-1) ?? 0, scheduleLagsMs: sorted };
    },
  };
}
