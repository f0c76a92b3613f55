import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { findCgroupLimits } from '../../../../../src/runner/monitors/system/cgroup.ts';

const machine = { memoryBytes: 64 * 2 ** 30 };
const find = (files: Record<string, string>): ReturnType<typeof findCgroupLimits> =>
  findCgroupLimits((path) => files[path], machine);

describe('limits of control groups', () => {
  it('are none where nothing is limited', () => {
    assert.deepEqual(find({}), {});
    assert.deepEqual(
      find({
        '/proc/self/cgroup': '0::/user.slice/session-1.scope\n',
        '/sys/fs/cgroup/user.slice/cpu.max': 'max 100000\n',
        '/sys/fs/cgroup/user.slice/memory.max': 'max\n',
      }),
      {},
    );
  });

  it('may stand on a group above ours; the tightest holds, and its own use is what counts', () => {
    const limits = find({
      '/proc/self/cgroup': '0::/pods/one/work\n',
      '/sys/fs/cgroup/pods/cpu.max': '800000 100000\n',
      '/sys/fs/cgroup/pods/one/cpu.max': '200000 100000\n',
      '/sys/fs/cgroup/pods/one/cpu.stat': 'usage_usec 12345000\n',
      '/sys/fs/cgroup/pods/one/work/cpu.max': 'max 100000\n',
      '/sys/fs/cgroup/pods/memory.max': '1000000\n',
      '/sys/fs/cgroup/pods/memory.current': '400000\n',
    });
    assert.equal(limits.cpu?.cores, 2);
    assert.equal(limits.cpu.readUsedMs(), 12345);
    assert.equal(limits.memory?.bytes, 1_000_000);
    assert.equal(limits.memory.readUsedBytes(), 400_000);
  });

  it('are read in their first version too, beside an empty second one', () => {
    const limits = find({
      '/proc/self/cgroup': '9:memory:/docker/ab\n5:cpu,cpuacct:/docker/ab\n0::/\n',
      '/sys/fs/cgroup/cpu/docker/ab/cpu.cfs_quota_us': '50000\n',
      '/sys/fs/cgroup/cpu/docker/ab/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/cpuacct/docker/ab/cpuacct.usage': '7000000000\n',
      '/sys/fs/cgroup/memory/docker/ab/memory.limit_in_bytes': '2147483648\n',
      '/sys/fs/cgroup/memory/docker/ab/memory.usage_in_bytes': '1500\n',
      '/sys/fs/cgroup/memory/docker/ab/memory.stat': 'inactive_file 1\ntotal_inactive_file 500\n',
    });
    assert.equal(limits.cpu?.cores, 0.5);
    assert.equal(limits.cpu.readUsedMs(), 7000);
    assert.equal(limits.memory?.bytes, 2 ** 31);
    assert.equal(limits.memory.readUsedBytes(), 1000);
  });

  it('are none where the first version writes its numbers for "none"', () => {
    assert.deepEqual(
      find({
        '/proc/self/cgroup': '9:memory:/\n5:cpu,cpuacct:/\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
        '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      }),
      {},
    );
  });
});
