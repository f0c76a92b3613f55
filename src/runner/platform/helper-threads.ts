/**
 * V8's helper threads: they collect garbage and compile beside the threads that make it. Where there are no cores to spare they run instead
 * of those, and a thread that sends and stamps waits for their turns of the scheduler, milliseconds each (docs/performance.md).
 */
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { isLinux, readKernelFile } from './proc.ts';
import { lowerThreadPriority } from './thread-priority.ts';

const TASKS = '/proc/self/task';
/** As Node calls them in the kernel's list of threads. */
const HELPER_NAME = 'V8Worker';

/**
 * Helpers yield to the process's other threads, and where there are fewer cores than `busyThreads`, short-lived objects are collected without
 * them: who has work for helpers waits until the last of them has had its turn. Returns what undoes it, as far as this user may.
 */
export function holdBackHelperThreads(busyThreads: number): () => void {
  const undo = helperThreads().map((id) => lowerThreadPriority(id));
  if (availableParallelism() < busyThreads) {
    setFlagsFromString('--no-parallel-scavenge');
    undo.push(() => setFlagsFromString('--parallel-scavenge'));
  }
  return () => undo.forEach((each) => each());
}

/** Their numbers in the kernel; none where it does not tell. */
function helperThreads(): readonly number[] {
  return threads()
    .filter((id) => readKernelFile(`${TASKS}/${id}/comm`)?.trim() === HELPER_NAME)
    .map(Number);
}

function threads(): readonly string[] {
  try {
    return isLinux() ? readdirSync(TASKS) : [];
  } catch {
    return [];
  }
}
