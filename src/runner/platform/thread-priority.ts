/** Which of a process's threads yields where there are fewer cores than threads with something to do. */
import { constants, getPriority, setPriority } from 'node:os';
import { platform } from 'node:process';

/** On Linux 0 is the calling thread, whatever POSIX says of processes. */
const CALLING_THREAD = 0;

/**
 * A thread, by its number in the kernel, gets less than the others, which keep what they have. Threads that it starts later are as low as
 * it is. Only Linux knows priorities of threads; elsewhere nothing happens. Returns what undoes it, as far as this user may.
 */
export function lowerThreadPriority(thread: number = CALLING_THREAD): () => void {
  if (platform !== 'linux') return () => {};
  const before = priorityOf(thread);
  if (before === undefined) return () => {};
  return setThreadPriority(thread, Math.max(before, constants.priority.PRIORITY_BELOW_NORMAL))
    ? () => void setThreadPriority(thread, before)
    : () => {};
}

/** `undefined`: the thread has ended. */
function priorityOf(thread: number): number | undefined {
  try {
    return getPriority(thread);
  } catch {
    return undefined;
  }
}

function setThreadPriority(thread: number, priority: number): boolean {
  try {
    setPriority(thread, priority);
    return true;
  } catch {
    return false;
  }
}
