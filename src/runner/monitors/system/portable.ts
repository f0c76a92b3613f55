/** macOS and Windows, through `systeminformation`, which asks the system's own tools. Much slower than reading /proc: about 0.1 s a reading. */
import { RunError } from '../../../contract/errors.ts';
import type { MonitorSource } from '../monitor.ts';
import { known, toSystemValues } from './values.ts';

/** What is used of `systeminformation`; rates of its first call are null. */
export interface SystemInformation {
  currentLoad(): Promise<{ readonly currentLoad: number; readonly avgLoad: number }>;
  mem(): Promise<{ readonly total: number; readonly available: number }>;
  networkStats(
    interfaces: string,
  ): Promise<readonly { readonly iface: string; readonly rx_sec: number | null; readonly tx_sec: number | null }[]>;
  fsStats(): Promise<{ readonly rx_sec: number | null; readonly wx_sec: number | null } | null>;
}

const LOOPBACK = /^lo\d*$|loopback/i;

export function openPortableSystem(system: SystemInformation, isWindows: boolean): MonitorSource {
  let isFirst = true;
  return {
    async read() {
      try {
        const [load, memory, network, files] = await Promise.all([
          system.currentLoad(),
          system.mem(),
          system.networkStats('*'),
          system.fsStats(),
        ]);
        const outside = network.filter(({ iface }) => !LOOPBACK.test(iface));
        const usedBytes = memory.total - memory.available;
        // The first call counts from the start of the machine, or not at all.
        const rates = isFirst
          ? {}
          : known({
              cpu: load.currentLoad / 100,
              'network-in': sum(outside.map(({ rx_sec }) => rx_sec)),
              'network-out': sum(outside.map(({ tx_sec }) => tx_sec)),
              'disk-read': files?.rx_sec,
              'disk-write': files?.wx_sec,
            });
        isFirst = false;
        const now = known({
          memory: memory.total > 0 ? usedBytes / memory.total : undefined,
          'memory-used': usedBytes,
          // Windows has no load average.
          load: isWindows ? undefined : load.avgLoad,
        });
        return [{ device: '', values: toSystemValues({ ...rates, ...now }) }];
      } catch (error) {
        throw new RunError(
          'RUN_MONITOR_UNAVAILABLE',
          `The system monitor got no reading: ${(error as Error).message}`,
          {
            cause: error,
          },
        );
      }
    },
    dispose: () => Promise.resolve(),
  };
}

/** `undefined` if none is known. */
function sum(values: readonly (number | null)[]): number | undefined {
  const numbers = values.filter((value) => value !== null);
  return numbers.length === 0 ? undefined : numbers.reduce((total, value) => total + value, 0);
}
