/** Linux, read directly: a reading costs a fraction of a millisecond. */
import { RunError } from '../../../contract/errors.ts';
import type { ReadKernelFile } from '../../platform/proc.ts';
import type { MonitorSource } from '../monitor.ts';
import { describeLimits, findCgroupLimits } from './cgroup.ts';
import { parseCpuTimes, parseDisks, parseLoad, parseMemory, parseNetwork, type CpuTimes } from './parse-proc.ts';
import { known, toSystemValues, type SystemValues } from './values.ts';

interface Counters {
  readonly atMs: number;
  readonly cpu: CpuTimes | undefined;
  /** CPU time used within our limit. */
  readonly limitedCpuMs: number | undefined;
  readonly bytes: Readonly<Record<'network-in' | 'network-out' | 'disk-read' | 'disk-write', number | undefined>>;
}

export function openLinuxSystem(read: ReadKernelFile, nowMs: () => number): MonitorSource {
  const limits = findCgroupLimits(read, {
    memoryBytes: parseMemory(read('/proc/meminfo') ?? '')?.totalBytes ?? Number.POSITIVE_INFINITY,
  });
  let previous: Counters | undefined;

  const readCounters = (): Counters => {
    const stat = read('/proc/stat');
    if (stat === undefined) throw new RunError('RUN_MONITOR_UNAVAILABLE', 'The system monitor cannot read /proc/stat.');
    const network = parseNetwork(read('/proc/net/dev') ?? '');
    const disks = parseDisks(read('/proc/diskstats') ?? '');
    return {
      atMs: nowMs(),
      cpu: parseCpuTimes(stat),
      limitedCpuMs: limits.cpu?.readUsedMs(),
      bytes: {
        'network-in': network?.inBytes,
        'network-out': network?.outBytes,
        'disk-read': disks?.inBytes,
        'disk-write': disks?.outBytes,
      },
    };
  };
  const readMemory = (): SystemValues => {
    const machine = parseMemory(read('/proc/meminfo') ?? '');
    const usedBytes = limits.memory === undefined ? machine?.usedBytes : limits.memory.readUsedBytes();
    const totalBytes = limits.memory?.bytes ?? machine?.totalBytes;
    const isKnown = usedBytes !== undefined && totalBytes !== undefined;
    return known({ memory: isKnown ? usedBytes / totalBytes : undefined, 'memory-used': usedBytes });
  };

  return {
    read: () =>
      new Promise((resolve) => {
        const counters = readCounters();
        const rates = previous === undefined ? {} : ratesBetween(previous, counters, limits.cpu?.cores);
        previous = counters;
        const load = known({ load: parseLoad(read('/proc/loadavg') ?? '') });
        resolve([{ device: '', values: toSystemValues({ ...rates, ...readMemory(), ...load }) }]);
      }),
    dispose: () => Promise.resolve(),
    notes: describeLimits(limits),
  };
}

/** Rates need two readings: there are none before the second, and none where a counter began anew. */
function ratesBetween(before: Counters, after: Counters, limitCores: number | undefined): SystemValues {
  const elapsedMs = after.atMs - before.atMs;
  if (elapsedMs <= 0) return {};
  const perSecond = (name: keyof Counters['bytes']): number | undefined => {
    const grown = difference(before.bytes[name], after.bytes[name]);
    return grown === undefined ? undefined : (grown / elapsedMs) * 1000;
  };
  const ticks = difference(before.cpu?.totalTicks, after.cpu?.totalTicks);
  const share = (grown: number | undefined): number | undefined =>
    grown === undefined || ticks === undefined || ticks === 0 ? undefined : grown / ticks;
  const idle = difference(before.cpu?.idleTicks, after.cpu?.idleTicks);
  const ioWait = difference(before.cpu?.ioWaitTicks, after.cpu?.ioWaitTicks);
  const machineShare = share(
    idle === undefined || ioWait === undefined || ticks === undefined ? undefined : ticks - idle - ioWait,
  );
  const limitedMs = difference(before.limitedCpuMs, after.limitedCpuMs);
  return known({
    cpu: limitCores === undefined || limitedMs === undefined ? machineShare : limitedMs / (elapsedMs * limitCores),
    'io-wait': share(ioWait),
    'network-in': perSecond('network-in'),
    'network-out': perSecond('network-out'),
    'disk-read': perSecond('disk-read'),
    'disk-write': perSecond('disk-write'),
  });
}

function difference(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined || after < before ? undefined : after - before;
}
