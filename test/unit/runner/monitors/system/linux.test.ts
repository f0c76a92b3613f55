import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLinuxSystem } from '../../../../../src/runner/monitors/system/linux.ts';
import type { MonitorSource } from '../../../../../src/runner/monitors/monitor.ts';
import { describeMonitor } from '../../../../conformance/monitor-kit.ts';

const folder = join(import.meta.dirname, '../../../../fixtures/proc/vm-two-cores');
const FILES: Readonly<Record<string, string>> = {
  '/proc/stat': 'stat',
  '/proc/meminfo': 'meminfo',
  '/proc/loadavg': 'loadavg',
  '/proc/net/dev': 'net-dev',
  '/proc/diskstats': 'diskstats',
};

/** The recorded machine, 1,280 ms passing between its two recordings; `more` stands over the recording. */
class Machine {
  nowMs = 5000;
  moment: 'before' | 'after' = 'before';
  readonly more: Record<string, string | undefined>;

  constructor(more: Record<string, string | undefined> = {}) {
    this.more = more;
  }

  readonly read = (path: string): string | undefined => {
    if (path in this.more) return this.more[path];
    const name = FILES[path];
    return name === undefined ? undefined : readFileSync(join(folder, this.moment, name), 'utf8');
  };

  open(): MonitorSource {
    return openLinuxSystem(this.read, () => this.nowMs);
  }

  advance(): void {
    this.nowMs += 1280;
    this.moment = 'after';
  }
}

async function readTwice(machine: Machine): Promise<Readonly<Record<string, number>>> {
  const source = machine.open();
  await source.read();
  machine.advance();
  const [reading] = await source.read();
  assert.equal(reading?.device, '');
  return reading?.values ?? {};
}

const rates = ['cpu', 'io-wait', 'network-in', 'network-out', 'disk-read', 'disk-write'];
const recorded = new Machine();
describeMonitor({
  id: 'system',
  what: 'recorded on Linux',
  open: () => Promise.resolve(recorded.open()),
  advance: () => Promise.resolve(recorded.advance()),
  rates,
  expected: [...rates.slice(2), 'memory', 'memory-used', 'load'],
});

describe('the system monitor on Linux', () => {
  it('gives shares of CPU time and bytes per second between two readings', async () => {
    const values = await readTwice(new Machine());
    const ticks = 120 + 5 + 127 + 4;
    assert.equal(values['cpu'], (120 + 5) / ticks);
    assert.equal(values['io-wait'], 4 / ticks);
    assert.equal(values['disk-write'], ((14457520 - 14326432) * 512) / 1.28);
    assert.equal(values['disk-read'], (176 * 512) / 1.28);
    assert.equal(values['network-in'], 0);
    assert.equal(values['memory-used'], (24684084 - 23965760) * 1024);
    assert.equal(values['memory'], (24684084 - 23965760) / 24684084);
  });

  it('leaves out a rate whose counter began anew, and what is not there', async () => {
    const machine = new Machine({ '/proc/diskstats': undefined });
    const source = machine.open();
    machine.advance();
    await source.read();
    machine.moment = 'before';
    machine.nowMs += 1000;
    const [reading] = await source.read();
    assert.deepEqual(Object.keys(reading?.values ?? {}).sort(), [
      'load',
      'memory',
      'memory-used',
      'network-in',
      'network-out',
    ]);
  });

  it('says that it is unavailable where there is no /proc, and recovers', async () => {
    const machine = new Machine({ '/proc/stat': undefined });
    const source = machine.open();
    await assert.rejects(source.read(), { code: 'RUN_MONITOR_UNAVAILABLE', message: /\/proc\/stat/ });
    delete machine.more['/proc/stat'];
    assert.equal((await source.read()).length, 1);
  });

  it('has nothing to remark where no limit holds', () => {
    assert.deepEqual(new Machine().open().notes, []);
  });

  it('measures against the limits of its container (control groups, version 2), and says so', async () => {
    const machine = new Machine({
      '/proc/self/cgroup': '0::/\n',
      '/sys/fs/cgroup/cpu.max': '150000 100000\n',
      '/sys/fs/cgroup/cpu.stat': 'usage_usec 5000000\nuser_usec 1\n',
      '/sys/fs/cgroup/memory.max': '4294967296\n',
      '/sys/fs/cgroup/memory.current': '2147483648\n',
      '/sys/fs/cgroup/memory.stat': 'anon 5\ninactive_file 1073741824\n',
    });
    const source = machine.open();
    await source.read();
    machine.advance();
    machine.more['/sys/fs/cgroup/cpu.stat'] = 'usage_usec 5960000\nuser_usec 1\n';
    const [reading] = await source.read();
    assert.ok(Math.abs((reading?.values['cpu'] ?? 0) - 960 / (1280 * 1.5)) < 1e-12);
    assert.equal(reading?.values['memory'], 0.25);
    assert.equal(reading?.values['memory-used'], 2 ** 30);
    assert.match(source.notes?.join('\n') ?? '', /1\.5 cores[^]*4 GiB/);
  });
});
