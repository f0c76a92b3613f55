/** When `benchwright simulate` says that it is late: often enough to be seen, not once a second for an hour. */
import type { LatenessQuestion } from './late-watch.ts';
import type { Lateness } from './lateness.ts';

/** A run against it begins to doubt itself at the same lateness (measure/validity-thresholds.ts). */
const LATE_MS = 5;
/** Of fewer, one in a hundred is the latest one; they are looked at together with those of the next look. */
const FEWEST_TOKENS = 100;
/** After so many looks with nothing said, it is said again. */
const QUIET_LOOKS = 5;
const WATCH = 'console';

/** To be called every now and then. The first look begins the count. */
export function createLateLook(
  ask: (question: LatenessQuestion) => Promise<Lateness>,
  say: (lateness: Lateness) => void,
): () => Promise<void> {
  let quiet = QUIET_LOOKS;
  return async () => {
    quiet += 1;
    if ((await ask({ watch: WATCH })).tokens < FEWEST_TOKENS) return;
    const lateness = await ask({ watch: WATCH, reset: true });
    if ((lateness.p99Ms ?? 0) <= LATE_MS || quiet <= QUIET_LOOKS) return;
    quiet = 0;
    say(lateness);
  };
}
