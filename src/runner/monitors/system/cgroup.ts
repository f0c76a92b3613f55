/**
 * Limits that a container or a service manager sets on this process: a share of the machine's CPU time, a part of its memory. Within one,
 * the machine's own figures tell little. Both versions of control groups; the limit may stand on any group above ours.
 */
import { formatNumber, formatQuantity } from '../../../contract/units.ts';
import type { ReadKernelFile } from '../../platform/proc.ts';

interface CpuLimit {
  readonly cores: number;
  /** CPU time used by the group that has the limit, in ms since it was made. */
  readUsedMs(): number | undefined;
}

interface MemoryLimit {
  readonly bytes: number;
  readUsedBytes(): number | undefined;
}

export interface CgroupLimits {
  readonly cpu?: CpuLimit;
  readonly memory?: MemoryLimit;
}

const ROOT = '/sys/fs/cgroup';

export function findCgroupLimits(read: ReadKernelFile, machine: { readonly memoryBytes: number }): CgroupLimits {
  const cpu = smallest(
    [
      ...groupsOf(read, '').map((group) => cpuLimitV2(read, group)),
      ...groupsOf(read, 'cpu').map((group) => cpuLimitV1(read, group)),
    ],
    ({ cores }) => cores,
  );
  const memory = smallest(
    [
      ...groupsOf(read, '').map((group) => memoryLimitV2(read, group)),
      ...groupsOf(read, 'memory').map((group) => memoryLimitV1(read, group)),
    ],
    ({ bytes }) => bytes,
  );
  return {
    ...(cpu === undefined ? {} : { cpu }),
    // Version 1 writes a number near 2^63 for "no limit".
    ...(memory === undefined || memory.bytes >= machine.memoryBytes ? {} : { memory }),
  };
}

/** One sentence for each limit there is. */
export function describeLimits({ cpu, memory }: CgroupLimits): string[] {
  return [
    ...(cpu === undefined
      ? []
      : [`A control group limits this process to ${formatNumber(cpu.cores)} cores: \`cpu\` is the share of these.`]),
    ...(memory === undefined
      ? []
      : [
          `A control group limits this process to ${formatQuantity(memory.bytes, 'bytes')} of memory: \`memory\` is the share of that.`,
        ]),
  ];
}

/** Our group of a controller (none: version 2) and those above it, as folders; within a container the topmost may be all there is. */
function groupsOf(read: ReadKernelFile, controller: string): string[] {
  const line = (read('/proc/self/cgroup') ?? '')
    .split('\n')
    .map((text) => text.split(':'))
    .find(([, controllers = '']) => controllers.split(',').includes(controller));
  if (line === undefined) return [];
  const parts = line
    .slice(2)
    .join(':')
    .split('/')
    .filter((part) => part !== '');
  const folder = controller === '' ? ROOT : `${ROOT}/${controller}`;
  return [...parts.keys(), parts.length].map((count) => [folder, ...parts.slice(0, count)].join('/'));
}

function cpuLimitV2(read: ReadKernelFile, group: string): CpuLimit | undefined {
  const [quota, period] = (read(`${group}/cpu.max`) ?? '').trim().split(/\s+/).map(Number);
  return cpuLimit(quota, period, () => {
    const usedUs = /^usage_usec (\d+)$/m.exec(read(`${group}/cpu.stat`) ?? '')?.[1];
    return usedUs === undefined ? undefined : Number(usedUs) / 1e3;
  });
}

function cpuLimitV1(read: ReadKernelFile, group: string): CpuLimit | undefined {
  return cpuLimit(numberIn(read(`${group}/cpu.cfs_quota_us`)), numberIn(read(`${group}/cpu.cfs_period_us`)), () => {
    const usedNs = numberIn(read(`${group.replace(`${ROOT}/cpu`, `${ROOT}/cpuacct`)}/cpuacct.usage`));
    return usedNs === undefined ? undefined : usedNs / 1e6;
  });
}

/** A quota of `max` (version 2) or -1 (version 1) is none. */
function cpuLimit(
  quota: number | undefined,
  period: number | undefined,
  readUsedMs: CpuLimit['readUsedMs'],
): CpuLimit | undefined {
  const cores = (quota ?? Number.NaN) / (period ?? Number.NaN);
  return cores > 0 ? { cores, readUsedMs } : undefined;
}

function memoryLimitV2(read: ReadKernelFile, group: string): MemoryLimit | undefined {
  return memoryLimit(numberIn(read(`${group}/memory.max`)), () =>
    usedBytes(numberIn(read(`${group}/memory.current`)), read(`${group}/memory.stat`), 'inactive_file'),
  );
}

function memoryLimitV1(read: ReadKernelFile, group: string): MemoryLimit | undefined {
  return memoryLimit(numberIn(read(`${group}/memory.limit_in_bytes`)), () =>
    usedBytes(numberIn(read(`${group}/memory.usage_in_bytes`)), read(`${group}/memory.stat`), 'total_inactive_file'),
  );
}

function memoryLimit(bytes: number | undefined, readUsedBytes: MemoryLimit['readUsedBytes']): MemoryLimit | undefined {
  return bytes === undefined ? undefined : { bytes, readUsedBytes };
}

/** Without file pages not lately used: the kernel gives them up before it kills anything. */
function usedBytes(allBytes: number | undefined, stat: string | undefined, unusedName: string): number | undefined {
  if (allBytes === undefined) return undefined;
  const unused = new RegExp(`^${unusedName} (\\d+)$`, 'm').exec(stat ?? '')?.[1];
  return Math.max(0, allBytes - Number(unused ?? 0));
}

function numberIn(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  const value = Number(trimmed);
  return trimmed === '' || Number.isNaN(value) ? undefined : value;
}

function smallest<Item>(items: readonly (Item | undefined)[], by: (item: Item) => number): Item | undefined {
  return items.reduce<Item | undefined>(
    (best, item) => (item !== undefined && (best === undefined || by(item) < by(best)) ? item : best),
    undefined,
  );
}
