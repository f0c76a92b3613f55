/** What the run was made on, for the report: this machine, the limits that hold for us on it, its accelerators. */
import type { EnvironmentData } from '../../contract/record.ts';
import { readEnvironment } from '../platform/machine.ts';
import { readKernelFile, type ReadKernelFile } from '../platform/proc.ts';
import { readCommand } from '../platform/run-command.ts';
import { parseGpuList } from './nvidia/parse-gpu-list.ts';
import { findCgroupLimits } from './system/cgroup.ts';

/** A driver that hangs must not hold up a run. */
const GPU_QUERY_WITHIN_MS = 3_000;

/** Never rejects: what cannot be had is left out. */
export async function readInventory(): Promise<EnvironmentData> {
  const listed = await readCommand(
    'nvidia-smi',
    ['--query-gpu=index,name,memory.total', '--format=csv,noheader,nounits'],
    GPU_QUERY_WITHIN_MS,
  );
  return describeInventory(readEnvironment(), readKernelFile, listed);
}

/** Within a container the limits are what counts; what the machine has stands beside them. */
export function describeInventory(
  machine: EnvironmentData,
  read: ReadKernelFile,
  gpuList: string | undefined,
): EnvironmentData {
  const { cpu, memory } = findCgroupLimits(read, machine);
  const gpus = parseGpuList(gpuList ?? '');
  const distribution = /^PRETTY_NAME="?(.*?)"?$/m.exec(read('/etc/os-release') ?? '')?.[1];
  const isLimited = cpu !== undefined && cpu.cores < machine.cpuCount;
  return {
    ...machine,
    ...(isLimited ? { cpu: `${machine.cpu} (limited, of ${machine.cpuCount} cores)`, cpuCount: cpu.cores } : {}),
    ...(memory === undefined ? {} : { memoryBytes: memory.bytes }),
    ...(distribution === undefined ? {} : { os: `${distribution} (${machine.os})` }),
    ...(gpus.length === 0 ? {} : { gpus }),
  };
}
