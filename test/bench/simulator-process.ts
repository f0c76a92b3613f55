/** A simulator in a process of its own, begun as `benchwright simulate` begins it: `simulator-process.ts OPTIONS`. Tells its parent its origin, and how late it was whenever asked. */
import { readFileSync } from 'node:fs';
import { holdBackHelperThreads } from '../../src/runner/platform/helper-threads.ts';
import type { SimulatorOptions } from '../../src/runner/simulator/options.ts';
import { startSimulatorServer } from '../../src/runner/simulator/server.ts';

const options = JSON.parse(process.argv[2] ?? '') as SimulatorOptions;
holdBackHelperThreads(2);
const simulator = await startSimulatorServer({ seed: 1, options, rehearses: true });
process.on('message', () => {
  void simulator.lateness({ reset: true }).then((lateness) => process.send?.({ lateness, ...threadTimes() }));
});

/** Of the thread that writes: how long it ran, and how long it was ready to and had no core. Linux. */
function threadTimes(): { readonly ranMs: number; readonly waitedMs: number } {
  const [ranNs = Number.NaN, waitedNs = Number.NaN] = readFileSync('/proc/self/schedstat', 'utf8')
    .split(' ')
    .map(Number);
  return { ranMs: ranNs / 1e6, waitedMs: waitedNs / 1e6 };
}

process.on('disconnect', () => process.exit());
process.send?.({ url: simulator.url });
