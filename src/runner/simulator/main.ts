/** Entry of the simulator's thread (thread.ts is its other side). */
import { Channel } from '../../contract/protocol/channel.ts';
import { connectToParent } from '../platform/worker-thread.ts';
import type { LatenessQuestion } from './late-watch.ts';
import { startSimulatorServer, type SimulatorServer, type SimulatorStart } from './server.ts';
import type { SimulatorRequests } from './thread.ts';

type None = Record<never, never>;

const parent = connectToParent();
const channel = new Channel<SimulatorRequests, None, None, None>(parent);
let server: SimulatorServer | undefined;

channel.handle('start', async (params) => {
  server = await startSimulatorServer(params as SimulatorStart);
  return { url: server.url };
});
channel.handle('lateness', async (params) => (await server?.lateness(params as LatenessQuestion)) ?? { tokens: 0 });
channel.handle('truth', async () => (await server?.truth()) ?? []);
channel.handle('stop', async () => {
  await server?.stop();
  return {};
});
