/** Entry of the threads of a run: load workers, one load after the other, and the metronome that wakes them. */
import { connectToParent } from '../platform/worker-thread.ts';
import type { ToLoadWorker } from './worker-messages.ts';

const parent = connectToParent();
parent.onMessage((message) => void become(message as ToLoadWorker));

async function become(setup: ToLoadWorker): Promise<void> {
  if (setup.type === 'metronome') {
    const { runMetronome } = await import('../platform/metronome.ts');
    runMetronome(setup.buffer, setup.originNs);
  } else if (setup.type === 'load') {
    const { serveLoad } = await import('./serve-load.ts');
    await serveLoad(parent, setup);
  }
}
