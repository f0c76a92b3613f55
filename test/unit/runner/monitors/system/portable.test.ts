import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { openPortableSystem, type SystemInformation } from '../../../../../src/runner/monitors/system/portable.ts';
import { describeMonitor } from '../../../../conformance/monitor-kit.ts';

const macOs: SystemInformation = {
  currentLoad: () => Promise.resolve({ currentLoad: 37.5, avgLoad: 1.25 }),
  mem: () => Promise.resolve({ total: 1000, available: 250 }),
  networkStats: () =>
    Promise.resolve([
      { iface: 'en0', rx_sec: 100, tx_sec: 10 },
      { iface: 'en1', rx_sec: 20, tx_sec: 5 },
      { iface: 'lo0', rx_sec: 9999, tx_sec: 9999 },
      { iface: 'Loopback Pseudo-Interface 1', rx_sec: 9999, tx_sec: 9999 },
      { iface: 'en2', rx_sec: null, tx_sec: null },
    ]),
  fsStats: () => Promise.resolve({ rx_sec: 7, wx_sec: 3 }),
};

describeMonitor({
  id: 'system',
  what: 'as on macOS',
  open: () => Promise.resolve(openPortableSystem(macOs, false)),
  advance: () => Promise.resolve(),
  rates: ['cpu', 'network-in', 'network-out', 'disk-read', 'disk-write'],
  expected: ['cpu', 'memory', 'memory-used', 'load', 'network-in', 'network-out', 'disk-read', 'disk-write'],
});

async function secondReading(system: SystemInformation, isWindows: boolean): Promise<Readonly<Record<string, number>>> {
  const source = openPortableSystem(system, isWindows);
  await source.read();
  return (await source.read())[0]?.values ?? {};
}

describe('the system monitor on macOS and Windows', () => {
  it('gives base units, and traffic of all interfaces but loopback', async () => {
    assert.deepEqual(await secondReading(macOs, false), {
      cpu: 0.375,
      'network-in': 120,
      'network-out': 15,
      'disk-read': 7,
      'disk-write': 3,
      memory: 0.75,
      'memory-used': 750,
      load: 1.25,
    });
  });

  it('leaves out what the system does not tell', async () => {
    const windows: SystemInformation = {
      ...macOs,
      networkStats: () => Promise.resolve([]),
      fsStats: () => Promise.resolve(null),
    };
    assert.deepEqual(await secondReading(windows, true), { cpu: 0.375, memory: 0.75, 'memory-used': 750 });
  });

  it('says that it is unavailable when the tools fail', async () => {
    const broken: SystemInformation = { ...macOs, mem: () => Promise.reject(new Error('no vm_stat')) };
    await assert.rejects(openPortableSystem(broken, false).read(), {
      code: 'RUN_MONITOR_UNAVAILABLE',
      message: /no vm_stat/,
    });
  });
});
