/** Which of a process's threads yields where there are fewer cores than threads with something to do. */
import { constants, getPriority, setPriority } from 'node:os';
import { platform } from 'node:process';

/**
 * The calling thread gets less than the others, which keep what they have. Threads that it starts later are as low as it is. Only Linux
 * knows priorities of threads; elsewhere nothing happens. Returns what undoes it, as far as this user may.
 */
export function lowerThreadPriority(): () => void {
  if (platform !== 'linux') return () => {};
  const before = getPriority();
  return setOwnPriority(Math.max(before, constants.priority.PRIORITY_BELOW_NORMAL))
    ? () => void setOwnPriority(before)
    : () => {};
}

function setOwnPriority(priority: number): boolean {
  try {
    // On Linux 0 is the calling thread, whatever POSIX says of processes.
    setPriority(0, priority);
    return true;
  } catch {
    return false;
  }
}
