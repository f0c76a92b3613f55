/** What a virtual machine's host took from its processors meanwhile: nobody can be punctual on a core that is not there. */
import { readFileSync } from 'node:fs';

/** In each line of a processor: user, nice, system, idle, iowait, irq, softirq, steal (proc_stat(5)). */
const STEAL = 8;
const TIMES = { from: 1, to: 9 } as const;

/** Begins to count; the result tells the share since then, 0 to 1; 0 where the kernel does not tell. */
export function countStolen(): () => number {
  const before = read();
  return () => {
    const after = read();
    const all = after.allTicks - before.allTicks;
    return all === 0 ? 0 : (after.stolenTicks - before.stolenTicks) / all;
  };
}

function read(): { readonly stolenTicks: number; readonly allTicks: number } {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
    const fields = line.split(/\s+/).map(Number);
    const allTicks = fields.slice(TIMES.from, TIMES.to).reduce((sum, each) => sum + each, 0);
    return { stolenTicks: fields[STEAL] ?? 0, allTicks };
  } catch {
    return { stolenTicks: 0, allTicks: 0 };
  }
}
