/** A load worker that says nothing any more hangs: its part of the load is not sent, and nobody would know before the run's end. */
import type { Clock } from '../platform/clock.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface SilenceWatchParts {
  readonly pool: Pick<WorkerPool, 'countSilence' | 'giveUp'>;
  readonly clock: Pick<Clock, 'every'>;
  readonly onSilent: (message: string) => void;
  readonly onHung: (message: string) => void;
}

/** Workers say something four times a second. */
const EVERY_MS = 1_000;
/** Seconds in which this thread was awake: of a process or a machine that was stopped, no worker is to blame. */
const DOUBTED_AFTER = 5;
const GIVEN_UP_AFTER = 20;

/** Returns how to stop looking. */
export function watchSilence({ pool, clock, onSilent, onHung }: SilenceWatchParts): () => void {
  return clock.every(EVERY_MS, () => {
    const silences = pool.countSilence();
    silences.forEach((seconds, worker) => {
      const who = `Load worker ${worker + 1} of ${silences.length}`;
      if (seconds === DOUBTED_AFTER) onSilent(`${who} has said nothing for ${seconds} s: what it is to send is late.`);
      if (seconds !== GIVEN_UP_AFTER) return;
      onHung(`${who} hangs: it has said nothing for ${seconds} s. Its requests were given up, and no others are sent.`);
      pool.giveUp(worker);
    });
  });
}
