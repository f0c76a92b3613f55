/**
 * Linux lets a thread sleep on for up to 50 µs, so that several timers share one wake-up (prctl(2), PR_SET_TIMERSLACK). A thread that has
 * instants to keep asks for less (proc_pid_timerslack_ns(5)).
 */
import { readlinkSync, writeFileSync } from 'node:fs';
import { isLinux } from './proc.ts';

/** The least there is: 0 would mean the default. */
const LEAST_NS = '1';

/** The calling thread wakes when it is time. False: it cannot be asked for here, and sleeps end as late as before. */
export function wakeOnTime(): boolean {
  if (!isLinux()) return false;
  try {
    // `PID/task/TID` of this thread; the kernel keeps the file under the thread's own number only.
    const thread = readlinkSync('/proc/thread-self').split('/').at(-1) ?? '';
    writeFileSync(`/proc/${thread}/timerslack_ns`, LEAST_NS);
    return true;
  } catch {
    return false;
  }
}
