/**
 * Keeps V8 from giving short-lived objects as much room as it likes: on a machine with plenty it takes 100 MB for them, and reading a record
 * of gigabytes makes little else. The limit that Node takes on its command line (`--max-semi-space-size`) is read when a process begins,
 * but whether the room grows is looked up each time.
 */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** From here on it does not grow: collections are a little more frequent, each a little shorter. */
const ENOUGH_BYTES = 8 * 1024 * 1024;
const LOOK_EVERY_MS = 20;

/** Resolves as the work does, and lets the room grow again then. */
export async function withSmallYoungGeneration<T>(work: () => Promise<T>): Promise<T> {
  let isHeld = false;
  const timer = setInterval(() => {
    const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    if (isHeld || space === undefined || space.space_size < ENOUGH_BYTES) return;
    isHeld = true;
    setFlagsFromString('--semi-space-growth-factor=1');
  }, LOOK_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (isHeld) setFlagsFromString('--semi-space-growth-factor=2');
  }
}
