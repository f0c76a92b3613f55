/** Entry of the threads of a run: load workers, and the metronome that wakes them. The first message says which. */
import { connectToParent } from '../platform/worker-thread.ts';
import type { ToLoadWorker } from './worker-messages.ts';

const parent = connectToParent();
let isSetUp = false;
parent.onMessage((message) => {
  if (isSetUp) return;
  isSetUp = true;
  void become(message as ToLoadWorker);
});

async function become(setup: ToLoadWorker): Promise<void> {
  if (setup.type === 'metronome') {
    const { runMetronome } = await import('../platform/metronome.ts');
    runMetronome(setup.buffer, setup.originNs);
  } else if (setup.type === 'load') {
    const { serveLoad } = await import('./serve-load.ts');
    await serveLoad(parent, setup);
  }
}
