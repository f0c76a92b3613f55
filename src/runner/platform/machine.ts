/** What this machine is, and how much of it a run may use. */
import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus, hostname, release, totalmem, type } from 'node:os';
import { availableMemory, memoryUsage, platform, report, version } from 'node:process';
import type { EnvironmentData } from '../../contract/record.ts';

export function readEnvironment(): EnvironmentData {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cpuCount: processors.length,
    memoryBytes: totalmem(),
    os: `${type()} ${release()}`,
    node: version,
    hostname: hostname(),
  };
}

/** Cores this process may use: fewer than the machine has, in a container. */
export function usableCores(): number {
  return availableParallelism();
}

export interface MachineLimits {
  /** File descriptors this process may have; absent where it is not limited or not known. */
  readonly openFiles?: number;
  /** Local ports for outgoing connections to one address. */
  readonly ephemeralPorts?: number;
  /** Connections the kernel holds for a server of this machine that has not taken them yet, at most. */
  readonly listenBacklog?: number;
  readonly availableMemoryBytes: number;
}

export async function readMachineLimits(): Promise<MachineLimits> {
  const openFiles = await readOpenFilesLimit();
  const ephemeralPorts = await readEphemeralPorts();
  const listenBacklog = await readListenBacklog();
  return {
    ...(openFiles === undefined ? {} : { openFiles }),
    ...(ephemeralPorts === undefined ? {} : { ephemeralPorts }),
    ...(listenBacklog === undefined ? {} : { listenBacklog }),
    availableMemoryBytes: availableMemory(),
  };
}

async function readOpenFilesLimit(): Promise<number | undefined> {
  if (platform === 'linux') {
    const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
    const soft = /^Max open files\s+(\S+)/m.exec(limits)?.[1];
    return soft === undefined || soft === 'unlimited' ? undefined : Number(soft);
  }
  // Without this the report would look up the names of all open sockets' peers.
  (report as { excludeNetwork?: boolean }).excludeNetwork = true;
  const { userLimits } = report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } };
  const soft = Number(userLimits?.open_files?.soft);
  return Number.isFinite(soft) ? soft : undefined;
}

async function readEphemeralPorts(): Promise<number | undefined> {
  if (platform !== 'linux') return undefined;
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '');
  const [first, last] = range.trim().split(/\s+/).map(Number);
  return first === undefined || last === undefined ? undefined : last - first + 1;
}

async function readListenBacklog(): Promise<number | undefined> {
  if (platform !== 'linux') return undefined;
  const text = await readFile('/proc/sys/net/core/somaxconn', 'utf8').catch(() => '');
  return /^\d+\s*$/.test(text) ? Number(text) : undefined;
}

let residentBefore = 0;

/** Memory of this process, all its threads together. Without a descriptor to ask the system with: what it last said. */
export function residentBytes(): number {
  try {
    residentBefore = memoryUsage.rss();
  } catch {
    // EMFILE: a run that has used up its descriptors goes on, and says so.
  }
  return residentBefore;
}

/** Wall-clock time, ms since 1970: to say when something was, never to measure how long it took. */
export function epochMs(): number {
  return Date.now();
}
