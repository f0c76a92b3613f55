/** The thread that sleeps for all load workers of a run and wakes each at its instant (alarm.ts). It does nothing else. */
import { createClock } from './clock.ts';
import { FIRST_WAKE, LOOK_AGAIN, openMetronomeLine } from './alarm.ts';

/** Does not return: the thread is terminated with the run. */
export function runMetronome(buffer: SharedArrayBuffer, workers: number, originNs: bigint): never {
  const clock = createClock(originNs);
  const { words, armedMs } = openMetronomeLine(buffer, workers);
  const firedMs = new Float64Array(workers).fill(Number.NaN);
  for (;;) {
    const seen = Atomics.load(words, LOOK_AGAIN);
    const nowMs = clock.nowMs();
    let nextMs = Number.POSITIVE_INFINITY;
    for (let worker = 0; worker < workers; worker += 1) {
      const atMs = armedMs[worker] as number;
      if (atMs === firedMs[worker] || atMs === 0) continue;
      if (atMs > nowMs) {
        nextMs = Math.min(nextMs, atMs);
        continue;
      }
      firedMs[worker] = atMs;
      Atomics.add(words, FIRST_WAKE + worker, 1);
      Atomics.notify(words, FIRST_WAKE + worker);
    }
    Atomics.wait(words, LOOK_AGAIN, seen, nextMs - nowMs);
  }
}
