/** What the generator knows of itself, over all its workers: one sample a second into the record, and a live verdict. */
import type { GeneratorSample } from '../../contract/record.ts';
import type { ValidityVerdict } from '../../contract/report.ts';
import { Histogram } from '../measure/histogram.ts';
import { percentile } from '../measure/statistics/ranked-sample.ts';
import { judgeValidity, type ValidityEvidence } from '../measure/validity.ts';
import type { WorkerHealth } from './worker-messages.ts';

export interface GeneratorWatch {
  take(worker: number, health: WorkerHealth): void;
  /** Worst over what the workers told since the last sample; `undefined` if they told nothing. */
  sample(clockSkewMs: number, isMeasured: boolean): GeneratorSample | undefined;
  readonly latest: GeneratorSample | undefined;
  /** Of the measured window so far. */
  readonly verdict: ValidityVerdict;
}

/** The live verdict looks back this far, but for the schedule's lag; the report's looks at everything. */
const MOST_SAMPLES = 600;

export function createGeneratorWatch(): GeneratorWatch {
  let told: WorkerHealth[] = [];
  const sockets = new Map<number, number>();
  const measured: GeneratorSample[] = [];
  /** Over all requests, as in the report: of a quiet second's twenty requests, the p99 is the one that was disturbed. */
  const lag = new Histogram();
  let latest: GeneratorSample | undefined;
  let verdict: ValidityVerdict = 'valid';
  return {
    take(worker, health) {
      told.push(health);
      sockets.set(worker, health.sockets);
    },
    sample(clockSkewMs, isMeasured) {
      if (told.length === 0) return undefined;
      const worst = (key: Exclude<keyof WorkerHealth, 'scheduleLagsMs'>): number =>
        Math.max(...told.map((health) => health[key]));
      latest = {
        loopLagMsP99: worst('loopLagMsP99'),
        loopLagMsMax: worst('loopLagMsMax'),
        cpuRatio: worst('cpuRatio'),
        gcPauseMsMax: worst('gcPauseMsMax'),
        scheduleLagMsP99: worst('scheduleLagMsP99'),
        scheduleLagMsMax: worst('scheduleLagMsMax'),
        sockets: [...sockets.values()].reduce((sum, count) => sum + count, 0),
        clockSkewMs,
      };
      if (isMeasured) {
        for (const { scheduleLagsMs } of told) for (const lagMs of scheduleLagsMs) lag.record(lagMs);
        measured.push(latest);
        if (measured.length > MOST_SAMPLES) measured.shift();
        verdict = judge(measured, lag);
      }
      told = [];
      return latest;
    },
    get latest() {
      return latest;
    },
    get verdict() {
      return verdict;
    },
  };
}

/** By the generator's own samples; what can only be said of a whole run, the report says. */
function judge(generator: readonly GeneratorSample[], lag: Histogram): ValidityVerdict {
  const scheduleLag: Pick<ValidityEvidence, 'scheduleLag'> =
    lag.count === 0 ? {} : { scheduleLag: { p99Ms: percentile(lag, 0.99), maxMs: lag.max } };
  const requests = {
    ...{ due: 0, sent: 0, succeeded: 0, failed: 0, timedOut: 0, abandoned: 0, dropped: 0, censored: 0 },
    byReason: {},
  };
  return judgeValidity({
    requests,
    generator,
    ...scheduleLag,
    stages: [],
    deliveries: [],
    events: [],
    inFlightLimit: undefined,
    inFlightPeak: 0,
    cacheHits: 0,
    uncounted: 0,
    unreadableLines: 0,
    isTorn: false,
  }).verdict;
}
