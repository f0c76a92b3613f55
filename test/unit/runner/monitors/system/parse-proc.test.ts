import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  parseCpuTimes,
  parseDisks,
  parseLoad,
  parseMemory,
  parseNetwork,
} from '../../../../../src/runner/monitors/system/parse-proc.ts';

const recorded = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../../../fixtures/proc/vm-two-cores/after', name), 'utf8');

describe('/proc of a recorded machine', () => {
  it('tells CPU times, steal among them, as ticks of all cores', () => {
    assert.deepEqual(parseCpuTimes(recorded('stat')), {
      totalTicks: 279997 + 1943 + 50509 + 558154 + 2229 + 6875 + 25408,
      idleTicks: 558154,
      ioWaitTicks: 2229,
    });
  });

  it('tells memory that is not available to programs', () => {
    assert.deepEqual(parseMemory(recorded('meminfo')), {
      totalBytes: 24684084 * 1024,
      usedBytes: (24684084 - 23965760) * 1024,
    });
  });

  it('tells the load, the traffic and the disk', () => {
    assert.equal(parseLoad(recorded('loadavg')), Number(recorded('loadavg').split(' ')[0]));
    assert.deepEqual(parseNetwork(recorded('net-dev')), { inBytes: 1699951316, outBytes: 3758303 });
    assert.deepEqual(parseDisks(recorded('diskstats')), { inBytes: 3667770 * 512, outBytes: 14457520 * 512 });
  });
});

describe('/proc of other machines', () => {
  const netDev = (...names: string[]): string =>
    [
      'Inter-|   Receive',
      ' face |bytes    packets',
      ...names.map((name) => `${name}: 100 1 0 0 0 0 0 0 7 1 0 0 0 0 0 0`),
    ].join('\n');

  it('counts interfaces once, not again through what is made of them', () => {
    const traffic = parseNetwork(
      netDev('lo', 'enp1s0', 'enp2s0', 'bond0', 'docker0', 'br-12ab', 'veth1f2', 'enp1s0.100', 'wg0'),
    );
    assert.deepEqual(traffic, { inBytes: 200, outBytes: 14 });
  });

  it('takes what there is where only such interfaces are there', () => {
    assert.deepEqual(parseNetwork(netDev('lo', 'tun0')), { inBytes: 100, outBytes: 7 });
    assert.equal(parseNetwork(netDev('lo')), undefined);
  });

  it('reads counters that touch the colon', () => {
    assert.deepEqual(parseNetwork('  eth0:123456789012 1 0 0 0 0 0 0 7 1 0 0 0 0 0 0'), {
      inBytes: 123456789012,
      outBytes: 7,
    });
  });

  it('counts disks once, not again as partitions or what is laid over them', () => {
    const names = [
      'sda',
      'sda1',
      'nvme0n1',
      'nvme0n1p2',
      'mmcblk0',
      'mmcblk0p1',
      'dm-0',
      'md127',
      'loop3',
      'zram0',
      'sr0',
    ];
    const text = names.map((name, index) => `   8  ${index} ${name} 1 2 10 4 5 6 20 8 9 10 11`).join('\n');
    assert.deepEqual(parseDisks(text), { inBytes: 3 * 10 * 512, outBytes: 3 * 20 * 512 });
    assert.equal(parseDisks(' 253 0 dm-0 1 2 10 4 5 6 20 8 9 10 11'), undefined);
  });

  it('reads old kernels, which tell less', () => {
    assert.deepEqual(parseCpuTimes('cpu  10 0 5 85\ncpu0 10 0 5 85\n'), {
      totalTicks: 100,
      idleTicks: 85,
      ioWaitTicks: 0,
    });
    assert.deepEqual(parseMemory('MemTotal: 1000 kB\nMemFree: 200 kB\nBuffers: 50 kB\nCached: 150 kB\n'), {
      totalBytes: 1000 * 1024,
      usedBytes: 600 * 1024,
    });
  });

  it('gives nothing for texts that are something else', () => {
    for (const parse of [parseCpuTimes, parseMemory, parseLoad, parseNetwork, parseDisks])
      for (const text of ['', 'hello\n', '\0\0']) assert.equal(parse(text), undefined);
  });
});
