/** The simulator in a thread of its own: a run must not share its event loop with the server it measures. */
import { Channel, ChannelError } from '../../contract/protocol/channel.ts';
import { RunError, type RunErrorCode } from '../../contract/errors.ts';
import { startWorkerThread } from '../platform/worker-thread.ts';
import type { GroundTruthLine } from './ground-truth.ts';
import type { LatenessQuestion } from './late-watch.ts';
import type { Lateness } from './lateness.ts';
import type { SimulatorServer, SimulatorStart } from './server.ts';

/** What the thread answers. */
export type SimulatorRequests = {
  start: { params: SimulatorStart; result: { readonly url: string } };
  lateness: { params: LatenessQuestion; result: Lateness };
  truth: { params: Record<string, never>; result: readonly GroundTruthLine[] };
  stop: { params: Record<string, never>; result: Record<string, never> };
};

type None = Record<never, never>;

/** @throws RunError */
export async function startSimulatorThread(start: SimulatorStart): Promise<SimulatorServer> {
  const thread = startWorkerThread('simulator');
  const channel = new Channel<None, SimulatorRequests, None, None>(thread.port);
  void thread.ended.then(() => channel.close());
  try {
    const { url } = await channel.call('start', start);
    return {
      url,
      lateness: (question = {}) => channel.call('lateness', question),
      truth: () => channel.call('truth', {}),
      async stop() {
        try {
          // The thread closes the record; a thread that has died has nothing left to close.
          await channel.call('stop', {}).catch(ignoreClosed);
        } finally {
          await thread.terminate();
        }
      },
    };
  } catch (thrown) {
    await thread.terminate();
    throw await asRunError(thrown, thread.ended);
  }
}

async function asRunError(thrown: unknown, ended: Promise<Error | undefined>): Promise<RunError> {
  if (!(thrown instanceof ChannelError) || thrown.code === 'INTERNAL') return RunError.from(thrown);
  if (thrown.code === 'CHANNEL_CLOSED') return RunError.from((await ended) ?? thrown);
  return new RunError(thrown.code as RunErrorCode, thrown.message);
}

function ignoreClosed(thrown: unknown): Record<string, never> {
  if (thrown instanceof ChannelError && thrown.code === 'CHANNEL_CLOSED') return {};
  throw thrown;
}
