/** This machine: CPU, memory, disk, network. */
import { createClock } from '../platform/clock.ts';
import { isLinux, isWindows, readKernelFile } from '../platform/proc.ts';
import type { OpenMonitor } from './monitor.ts';
import { openLinuxSystem } from './system/linux.ts';

const openSystem: OpenMonitor = async () => {
  if (isLinux()) return openLinuxSystem(readKernelFile, createClock(0n).nowMs);
  const { openPortableSystem } = await import('./system/portable.ts');
  return openPortableSystem(await import('systeminformation'), isWindows());
};
export default openSystem;
