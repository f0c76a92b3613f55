/** What the generator knows of itself, over all its workers: one sample a second into the record, and a live verdict. */
import type { GeneratorSample } from '../../contract/record.ts';
import type { ValidityVerdict } from '../../contract/report.ts';
import { judgeValidity } from '../measure/validity.ts';
import type { WorkerHealth } from './worker-messages.ts';

export interface GeneratorWatch {
  take(worker: number, health: WorkerHealth): void;
  /** Worst over what the workers told since the last sample; `undefined` if they told nothing. */
  sample(clockSkewMs: number, isMeasured: boolean): GeneratorSample | undefined;
  readonly latest: GeneratorSample | undefined;
  /** Of the measured window so far. */
  readonly verdict: ValidityVerdict;
}

/** The live verdict looks back this far; the report's looks at everything. */
const MOST_SAMPLES = 600;

export function createGeneratorWatch(): GeneratorWatch {
  let told: WorkerHealth[] = [];
  const sockets = new Map<number, number>();
  const measured: GeneratorSample[] = [];
  let latest: GeneratorSample | undefined;
  let verdict: ValidityVerdict = 'valid';
  return {
    take(worker, health) {
      told.push(health);
      sockets.set(worker, health.sockets);
    },
    sample(clockSkewMs, isMeasured) {
      if (told.length === 0) return undefined;
      const worst = (key: keyof WorkerHealth): number => Math.max(...told.map((health) => health[key]));
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
      told = [];
      if (isMeasured) {
        measured.push(latest);
        if (measured.length > MOST_SAMPLES) measured.shift();
        verdict = judge(measured);
      }
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
function judge(generator: readonly GeneratorSample[]): ValidityVerdict {
  const requests = {
    ...{ due: 0, sent: 0, succeeded: 0, failed: 0, timedOut: 0, abandoned: 0, dropped: 0, censored: 0 },
    byReason: {},
  };
  return judgeValidity({
    requests,
    generator,
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
