/**
 * How late the simulator writes its tokens, from its first moment on, and what it takes: on a core of its own, with a client on the other one that only reads.
 * Prints figures, judges nothing.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { performance } from 'node:perf_hooks';
import type { OptionValue } from '../../src/contract/plan.ts';
import type { Lateness } from '../../src/runner/simulator/lateness.ts';
import { readSimulatorOptions } from '../../src/runner/simulator/options.ts';
import { onCore } from './token-server.ts';

const GAP_MS = 20;
/** The first two while connections are opened, and what is left to compile is compiled. */
const WINDOWS_MS = [1000, 1500, 2500, 2500, 2500];
const TOTAL_MS = WINDOWS_MS.reduce((sum, each) => sum + each, 0);

interface Engine {
  readonly streams: readonly number[];
  readonly options: Readonly<Record<string, OptionValue>>;
}

const ENGINES: Readonly<Record<string, Engine>> = {
  [`distributions, ${1000 / GAP_MS} tokens/s each`]: {
    streams: [0, 10, 100, 1000],
    options: {
      firstTokenMs: { kind: 'uniform', min: 50, max: 250 },
      interTokenMs: { kind: 'normal', mean: GAP_MS, stddev: 3 },
    },
  },
  // A step of 20 ms whatever is in it; its tokens are sent one after another within 15 ms.
  [`batching, ${1000 / GAP_MS} tokens/s each`]: {
    streams: [100, 1000],
    options: {
      engine: 'batching',
      maxSequences: 1000,
      stepMs: GAP_MS,
      stepPerSequenceMs: 0,
      stepPerContextTokenMs: 0,
      stepPerPromptTokenMs: 0,
      sendMs: 0.015,
      kvCacheTokens: 10_000_000,
    },
  },
  // 256 of them at a time: the others wait.
  'batching, saturated, with its own times': { streams: [600], options: { engine: 'batching' } },
};

interface Told {
  readonly lateness: Lateness;
  readonly ranMs: number;
  readonly waitedMs: number;
}

async function start(script: string, core: number, args: readonly string[]): Promise<ReturnType<typeof spawn>> {
  const [command = '', ...rest] = await onCore(core, [
    process.execPath,
    new URL(script, import.meta.url).pathname,
    ...args,
  ]);
  return spawn(command, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

async function measure(options: object, streams: number): Promise<string[]> {
  const simulator = await start('./simulator-process.ts', 0, [JSON.stringify(options)]);
  const [{ url }] = (await once(simulator, 'message')) as [{ url: string }];
  const ask = async (): Promise<Told> => {
    simulator.send('lateness');
    return ((await once(simulator, 'message')) as [Told])[0];
  };
  const tokens = TOTAL_MS / GAP_MS + 100;
  const client = streams === 0 ? undefined : await start('./read-streams.ts', 1, [url, streams, tokens].map(String));
  const windows: string[] = [];
  try {
    let before = await ask();
    for (const windowMs of WINDOWS_MS) {
      const startMs = performance.now();
      await sleep(windowMs);
      const now = await ask();
      const times = {
        elapsedMs: performance.now() - startMs,
        ranMs: now.ranMs - before.ranMs,
        waitedMs: now.waitedMs - before.waitedMs,
      };
      windows.push(show(now.lateness, times));
      before = now;
    }
  } finally {
    client?.kill('SIGKILL');
    simulator.disconnect();
    await once(simulator, 'exit');
  }
  return windows;
}

interface Times {
  readonly elapsedMs: number;
  readonly ranMs: number;
  readonly waitedMs: number;
}

function show(lateness: Lateness, { elapsedMs, ranMs, waitedMs }: Times): string {
  const { tokens, p50Ms, p99Ms, maxMs } = lateness;
  const ms = (value: number | undefined): string => (value === undefined ? '–' : `${value.toFixed(2)} ms`);
  return (
    `${((tokens / elapsedMs) * 1000).toFixed(0)} tokens/s, late by p50 ${ms(p50Ms)}, p99 ${ms(p99Ms)}, at most ${ms(maxMs)}; ` +
    `its thread ran ${percent(ranMs / elapsedMs)} of the time, waited for its core ${percent(waitedMs / elapsedMs)}` +
    (tokens === 0 ? '' : `; ${((ranMs * 1000) / tokens).toFixed(1)} us a token`)
  );
}

const percent = (ratio: number): string => `${(ratio * 100).toFixed(1)} %`;

for (const [name, { streams, options }] of Object.entries(ENGINES))
  for (const count of streams) {
    process.stdout.write(`${name}, ${count} streams, windows of ${WINDOWS_MS.join(', ')} ms from the first one on:\n`);
    for (const window of await measure(readSimulatorOptions(options), count)) process.stdout.write(`  ${window}\n`);
  }
