import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import type { EnvironmentData } from '../../../../src/contract/record.ts';
import { describeInventory, readInventory } from '../../../../src/runner/monitors/environment.ts';
import { parseGpuList } from '../../../../src/runner/monitors/nvidia/parse-gpu-list.ts';

const machine: EnvironmentData = {
  cpu: 'Some Processor',
  cpuCount: 64,
  memoryBytes: 512 * 2 ** 30,
  os: 'Linux 6.1.0',
  node: 'v24.21.0',
  hostname: 'box',
};
const nothing = (): undefined => undefined;

describe('the environment of a run', () => {
  it('is the machine, where nothing more is known', () => {
    assert.deepEqual(describeInventory(machine, nothing, undefined), machine);
  });

  it('names the distribution beside the kernel', () => {
    const read = (path: string): string | undefined =>
      path === '/etc/os-release' ? 'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n' : undefined;
    assert.equal(describeInventory(machine, read, undefined).os, 'Debian GNU/Linux 12 (bookworm) (Linux 6.1.0)');
  });

  it('is what the container may use, and says of how much', () => {
    const files: Record<string, string> = {
      '/proc/self/cgroup': '0::/\n',
      '/sys/fs/cgroup/cpu.max': '400000 100000\n',
      '/sys/fs/cgroup/memory.max': '8589934592\n',
    };
    const { cpu, cpuCount, memoryBytes } = describeInventory(machine, (path) => files[path], undefined);
    assert.deepEqual([cpu, cpuCount, memoryBytes], ['Some Processor (limited, of 64 cores)', 4, 2 ** 33]);
  });

  it('lists GPUs', () => {
    assert.deepEqual(describeInventory(machine, nothing, '0, NVIDIA H100 80GB HBM3, 81559\n').gpus, [
      { id: 'gpu0', name: 'NVIDIA H100 80GB HBM3', memoryBytes: 81559 * 2 ** 20 },
    ]);
  });

  it('is read on this machine within a moment, whatever it has', async () => {
    const environment = await readInventory();
    assert.ok(environment.cpuCount > 0 && environment.memoryBytes > 0 && environment.cpu !== '');
    assert.equal(environment.node, process.version);
  });
});

describe('parseGpuList', () => {
  it('reads names with commas, GPUs without memory of their own, and passes over what is no GPU', () => {
    const output = 'Warning: infoROM is corrupted\n0, NVIDIA A, B, 10\n1, NVIDIA GB10, [N/A]\n\n';
    assert.deepEqual(parseGpuList(output), [
      { id: 'gpu0', name: 'NVIDIA A, B', memoryBytes: 10 * 2 ** 20 },
      { id: 'gpu1', name: 'NVIDIA GB10' },
    ]);
    assert.deepEqual(parseGpuList('No devices were found\n'), []);
  });
});
