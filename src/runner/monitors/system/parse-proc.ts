/** Texts of /proc as numbers. Counters are totals since the machine started; what a text does not tell is `undefined`. */

export interface CpuTimes {
  /** In the kernel's ticks, all cores together. */
  readonly totalTicks: number;
  /** Neither working nor waiting for a disk. */
  readonly idleTicks: number;
  readonly ioWaitTicks: number;
}

export interface Traffic {
  readonly inBytes: number;
  readonly outBytes: number;
}

export interface MemoryUse {
  readonly totalBytes: number;
  readonly usedBytes: number;
}

/** /proc/stat */
export function parseCpuTimes(stat: string): CpuTimes | undefined {
  const fields = /^cpu +(.*)$/m.exec(stat)?.[1]?.split(/\s+/).map(Number);
  // user nice system idle iowait irq softirq steal; guest times, which follow, are part of user and nice.
  const [user, nice, system, idle, ioWait = 0, irq = 0, softIrq = 0, steal = 0] = fields ?? [];
  if (user === undefined || nice === undefined || system === undefined || idle === undefined) return undefined;
  return {
    totalTicks: user + nice + system + idle + ioWait + irq + softIrq + steal,
    idleTicks: idle,
    ioWaitTicks: ioWait,
  };
}

/** /proc/meminfo. Memory that the kernel would give up for programs (caches) is not in use. */
export function parseMemory(meminfo: string): MemoryUse | undefined {
  const bytesOf = (name: string): number | undefined => {
    const kibibytes = new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(meminfo)?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  };
  const totalBytes = bytesOf('MemTotal');
  // Kernels before 3.14 do not say what is available.
  const freeBytes = (bytesOf('MemFree') ?? 0) + (bytesOf('Buffers') ?? 0) + (bytesOf('Cached') ?? 0);
  if (totalBytes === undefined) return undefined;
  return { totalBytes, usedBytes: totalBytes - (bytesOf('MemAvailable') ?? freeBytes) };
}

/** /proc/loadavg: the average over one minute. */
export function parseLoad(loadavg: string): number | undefined {
  const value = Number.parseFloat(loadavg);
  return Number.isFinite(value) ? value : undefined;
}

/** Made of other interfaces, whose bytes they would count twice: bridges, bonds, VLANs, tunnels, the host's ends of containers. */
const DERIVED_INTERFACE =
  /^(?:veth|docker|br-|virbr|cni|flannel|cali|tun|tap|wg|bond|team|dummy|ifb|sit|gre|ip6tnl|kube)|[.@]/;

/** /proc/net/dev: all interfaces but loopback. */
export function parseNetwork(netDev: string): Traffic | undefined {
  const interfaces = [...netDev.matchAll(/^\s*([^\s:]+):\s*(.*)$/gm)]
    .map(([, name = '', counters = '']) => ({ name, counters: counters.trim().split(/\s+/).map(Number) }))
    .filter(({ name }) => name !== 'lo');
  const own = interfaces.filter(({ name }) => !DERIVED_INTERFACE.test(name));
  return sumTraffic(own.length > 0 ? own : interfaces, ({ counters }) => [counters[0], counters[8]]);
}

/** Disks, not their partitions, nor what is laid over them (device mapper, RAID, loop devices). */
const WHOLE_DISK = /^(?:[shv]d[a-z]+|xvd[a-z]+|nvme\d+n\d+|mmcblk\d+|pmem\d+|dasd[a-z]+)$/;
const SECTOR_BYTES = 512;

/** /proc/diskstats */
export function parseDisks(diskstats: string): Traffic | undefined {
  const disks = diskstats
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , name = '']) => WHOLE_DISK.test(name));
  return sumTraffic(disks, (fields) => [Number(fields[5]) * SECTOR_BYTES, Number(fields[9]) * SECTOR_BYTES]);
}

function sumTraffic<Item>(
  items: readonly Item[],
  bytesOf: (item: Item) => readonly [number | undefined, number | undefined],
): Traffic | undefined {
  const pairs = items
    .map(bytesOf)
    .filter(([inBytes, outBytes]) => Number.isFinite(inBytes) && Number.isFinite(outBytes));
  if (pairs.length === 0) return undefined;
  return {
    inBytes: pairs.reduce((sum, [inBytes = 0]) => sum + inBytes, 0),
    outBytes: pairs.reduce((sum, [, outBytes = 0]) => sum + outBytes, 0),
  };
}
