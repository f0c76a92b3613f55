/** How late the simulator writes its tokens, and whether it keeps up, with a client on the other core. Prints figures, judges nothing. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import type { Lateness } from '../../src/runner/simulator/lateness.ts';
import { startSimulatorThread } from '../../src/runner/simulator/thread.ts';

const GAP_MS = 20;
const SETTLE_MS = 2500;
const WINDOW_MS = 2500;
const WINDOWS = 3;

interface Figures extends Lateness {
  readonly tokensPerSecond: number;
}

async function measure(streams: number): Promise<Figures[]> {
  const simulator = await startSimulatorThread({
    seed: 1,
    options: {
      firstTokenMs: { kind: 'uniform', min: 50, max: 250 },
      interTokenMs: { kind: 'normal', mean: GAP_MS, stddev: 3 },
      outputTokens: { kind: 'constant', value: 1 },
    },
  });
  const tokens = (SETTLE_MS + WINDOWS * WINDOW_MS) / GAP_MS + 100;
  const client = new Worker(new URL('../helpers/read-streams.ts', import.meta.url), {
    argv: [simulator.url, streams, tokens],
  });
  const ended = once(client, 'exit');
  const windows: Figures[] = [];
  try {
    await sleep(SETTLE_MS);
    for (let window = 0; window < WINDOWS; window += 1) {
      await simulator.lateness({ reset: true });
      const startMs = performance.now();
      await sleep(WINDOW_MS);
      const lateness = await simulator.lateness();
      windows.push({ ...lateness, tokensPerSecond: (lateness.tokens / (performance.now() - startMs)) * 1000 });
    }
    await ended;
  } finally {
    await simulator.stop();
  }
  return windows;
}

const show = ({ tokensPerSecond, p50Ms = Number.NaN, p99Ms = Number.NaN, maxMs = Number.NaN }: Figures): string =>
  `${tokensPerSecond.toFixed(0)} tokens/s, late by p50 ${p50Ms.toFixed(3)} ms, p99 ${p99Ms.toFixed(2)} ms, at most ${maxMs.toFixed(1)} ms`;

for (const streams of [100, 1000]) {
  const asked = (streams * 1000) / GAP_MS;
  process.stdout.write(
    `${streams} streams of ${1000 / GAP_MS} tokens/s, ${asked} tokens/s asked; in ${WINDOWS} windows:\n`,
  );
  for (const window of await measure(streams)) process.stdout.write(`  ${show(window)}\n`);
}
