/**
 * How late the simulator writes its tokens, and whether it keeps up: on a core of its own, with a client on the other one that only reads.
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
const SETTLE_MS = 2500;
const WINDOW_MS = 2500;
const WINDOWS = 3;

const ENGINES: Readonly<Record<string, Readonly<Record<string, OptionValue>>>> = {
  distributions: {
    firstTokenMs: { kind: 'uniform', min: 50, max: 250 },
    interTokenMs: { kind: 'normal', mean: GAP_MS, stddev: 3 },
  },
  // A step of 20 ms whatever is in it; its tokens are sent one after another within 15 ms.
  batching: {
    engine: 'batching',
    maxSequences: 1000,
    stepMs: GAP_MS,
    stepPerSequenceMs: 0,
    stepPerContextTokenMs: 0,
    stepPerPromptTokenMs: 0,
    sendMs: 0.015,
    kvCacheTokens: 10_000_000,
  },
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
  const tokens = (SETTLE_MS + WINDOWS * WINDOW_MS) / GAP_MS + 100;
  const client = await start('./read-streams.ts', 1, [url, streams, tokens].map(String));
  const windows: string[] = [];
  try {
    await sleep(SETTLE_MS);
    for (let window = 0; window < WINDOWS; window += 1) {
      const before = await ask();
      const startMs = performance.now();
      await sleep(WINDOW_MS);
      const { lateness, ranMs, waitedMs } = await ask();
      const elapsedMs = performance.now() - startMs;
      windows.push(show(lateness, { elapsedMs, ranMs: ranMs - before.ranMs, waitedMs: waitedMs - before.waitedMs }));
    }
  } finally {
    client.kill('SIGKILL');
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
  const { tokens, p50Ms = Number.NaN, p99Ms = Number.NaN, maxMs = Number.NaN } = lateness;
  return (
    `${((tokens / elapsedMs) * 1000).toFixed(0)} tokens/s, late by p50 ${p50Ms.toFixed(3)} ms, p99 ${p99Ms.toFixed(2)} ms, ` +
    `at most ${maxMs.toFixed(1)} ms; its thread ran ${percent(ranMs / elapsedMs)} of the time, ` +
    `waited for its core ${percent(waitedMs / elapsedMs)}; ${((ranMs * 1000) / tokens).toFixed(1)} us a token`
  );
}

const percent = (ratio: number): string => `${(ratio * 100).toFixed(1)} %`;

for (const [engine, options] of Object.entries(ENGINES))
  for (const streams of [100, 1000]) {
    const asked = (streams * 1000) / GAP_MS;
    process.stdout.write(
      `${engine}, ${streams} streams of ${1000 / GAP_MS} tokens/s, ${asked} tokens/s asked; in ${WINDOWS} windows:\n`,
    );
    for (const window of await measure(readSimulatorOptions(options), streams)) process.stdout.write(`  ${window}\n`);
  }
