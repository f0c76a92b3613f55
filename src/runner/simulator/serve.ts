/** The simulator for `benchwright simulate`: options are texts, and it says when it is late. */
import { createClock } from '../platform/clock.ts';
import { holdBackHelperThreads } from '../platform/helper-threads.ts';
import { describeSimulatorOptions } from './describe-options.ts';
import { createLateLook } from './late-look.ts';
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
  const look = createLateLook((question) => server.lateness(question), service.onLate);
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
