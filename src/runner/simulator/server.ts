/** The simulator as a server of this process: for `benchwright simulate` and, inside its own thread, for runs. */
import { VERSION } from '../../contract/version.ts';
import { createClock } from '../platform/clock.ts';
import { createDeadlineTimer } from '../platform/deadline-timer.ts';
import { epochMs } from '../platform/machine.ts';
import { listenHttp } from '../platform/http-server.ts';
import { createLineWriter } from '../platform/line-writer.ts';
import { createBatchingModel } from './batching-model.ts';
import { createDistributionModel } from './distribution-model.ts';
import { EngineMetrics } from './engine-metrics.ts';
import { formatGroundTruth, type GroundTruthLine } from './ground-truth.ts';
import type { Generation } from './generation.ts';
import type { LatenessQuestion } from './late-watch.ts';
import type { Lateness } from './lateness.ts';
import type { SimulatorOptions } from './options.ts';
import { rehearse } from './rehearsal.ts';
import { createRoutes, refuseTooLarge } from './routes.ts';
import { Simulator } from './simulator.ts';

export interface SimulatorStart {
  readonly options: SimulatorOptions;
  /** Holds where the options have no seed of their own. */
  readonly seed: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Appends one GroundTruthLine per answer to this file. */
  readonly recordFile?: string;
  /** Keeps the same lines in memory, for `truth`. */
  readonly keepsTruth?: boolean;
  /** It answers itself for a third of a second before it listens, so that it is not late in its first moments. Default: not. */
  readonly rehearses?: boolean;
}

export interface SimulatorServer {
  /** Origin, e.g. `http://127.0.0.1:8000`; the API lies under `/v1`. */
  readonly url: string;
  lateness(question?: LatenessQuestion): Promise<Lateness>;
  /** Answers that are over, where they are kept. */
  truth(): Promise<readonly GroundTruthLine[]>;
  /** Open answers may go on for `drainMs` (default 0), then they are cut; the record is closed. May be called again to hurry. */
  stop(options?: { readonly drainMs?: number }): Promise<void>;
}

/** Room for a prompt of the longest context there is, with every character escaped. */
const MOST_BODY_BYTES = 64 * 2 ** 20;

/** @throws RunError RUN_PORT_UNAVAILABLE, RUN_OUTPUT_NOT_WRITABLE */
export async function startSimulatorServer(start: SimulatorStart): Promise<SimulatorServer> {
  if (start.rehearses === true)
    await rehearse(start.options, (options) => startSimulatorServer({ options, seed: start.seed }));
  const host = start.host ?? '127.0.0.1';
  // Counted from the machine's own origin, not from now: instants can be compared with those of other processes.
  const clock = createClock(0n);
  const record = start.recordFile === undefined ? undefined : createLineWriter(start.recordFile);
  await record?.opened;
  const seed = start.options.seed ?? start.seed;
  const { batching } = start.options;
  const metrics = new EngineMetrics(batching);
  const truth: GroundTruthLine[] = [];
  const model =
    batching === undefined
      ? createDistributionModel<Generation>({ ...start.options, seed })
      : createBatchingModel<Generation>(batching, (tokens) => metrics.step(tokens));
  const simulator = new Simulator({
    options: start.options,
    seed,
    metrics,
    model,
    nowMs: clock.nowMs,
    epochMs,
    createTimer: (callback) => createDeadlineTimer(clock.nowMs, callback),
    ...(record === undefined && start.keepsTruth !== true
      ? {}
      : {
          record(line) {
            record?.write(formatGroundTruth(line));
            if (start.keepsTruth === true) truth.push(line);
          },
        }),
  });
  const server = await listenHttp({
    host,
    port: start.port ?? 0,
    serverHeader: `benchwright-simulator/${VERSION}`,
    maxBodyBytes: MOST_BODY_BYTES,
    onRequest: createRoutes({ simulator, options: start.options, metrics, model }),
    onTooLarge: refuseTooLarge,
  });
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`,
    lateness: (question) => Promise.resolve(simulator.lateness(question)),
    truth: () => Promise.resolve(truth),
    async stop({ drainMs = 0 } = {}) {
      await server.close(drainMs);
      simulator.dispose();
      await record?.close();
    },
  };
}
