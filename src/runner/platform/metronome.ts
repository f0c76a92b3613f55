/** The thread that sleeps for all load workers of a run and wakes each at its instants (alarm.ts). It does nothing else. */
import { createClock } from './clock.ts';
import { MetronomeBench } from './metronome-line.ts';
import { wakeOnTime } from './timer-slack.ts';

/** Does not return: the thread is terminated with the run. */
export function runMetronome(buffer: SharedArrayBuffer, originNs: bigint): never {
  wakeOnTime();
  const clock = createClock(originNs);
  const now = (): number => Math.floor(clock.nowMs() * 1000) | 0;
  const bench = new MetronomeBench(buffer, now());
  for (;;) {
    const { mark } = bench;
    bench.sleep(mark, bench.wakeDue(now()) / 1000);
  }
}
