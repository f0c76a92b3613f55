/** The simulator for `benchwright simulate`: options are texts, and it says when it is late. */
import { createClock } from '../platform/clock.ts';
import { holdBackHelperThreads } from '../platform/helper-threads.ts';
import { describeSimulatorOptions } from './describe-options.ts';
import type { Lateness } from './lateness.ts';
import { parseSimulatorOptions } from './options.ts';
import { startSimulatorServer, type SimulatorServer } from './server.ts';

export interface SimulatorService {
  readonly host: string;
  readonly port: number;
  readonly recordFile?: string;
  readonly options: Readonly<Record<string, string | undefined>>;
  onLate(lateness: Lateness): void;
}

export interface ServedSimulator extends SimulatorServer {
  readonly settings: ReturnType<typeof describeSimulatorOptions>;
}

const LOOK_EVERY_MS = 1_000;
/** A run against it begins to doubt itself at the same lateness (measure/validity-thresholds.ts). */
const LATE_MS = 5;
/** After so many looks with nothing said, it is said again. */
const QUIET_LOOKS = 5;
const WATCH = 'console';
/** The one that writes, and whatever client there is. */
const BUSY_THREADS = 2;

/** @throws RunError */
export async function serveSimulator(service: SimulatorService): Promise<ServedSimulator> {
  const { host, port, recordFile } = service;
  const options = parseSimulatorOptions(service.options);
  const restoreHelpers = holdBackHelperThreads(BUSY_THREADS);
  const server = await startSimulatorServer({
    options,
    seed: options.seed ?? 0,
    host,
    port,
    rehearses: true,
    ...(recordFile === undefined ? {} : { recordFile }),
  });
  let quiet = QUIET_LOOKS;
  const look = async (): Promise<void> => {
    const lateness = await server.lateness({ watch: WATCH, reset: true });
    quiet += 1;
    if ((lateness.p99Ms ?? 0) <= LATE_MS || quiet <= QUIET_LOOKS) return;
    quiet = 0;
    service.onLate(lateness);
  };
  const cancel = createClock(0n).every(LOOK_EVERY_MS, () => void look(), { background: true });
  return {
    ...server,
    settings: describeSimulatorOptions(service.options),
    stop(stopOptions) {
      cancel();
      restoreHelpers();
      return server.stop(stopOptions);
    },
  };
}
