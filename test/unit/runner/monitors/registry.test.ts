import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { MONITORS } from '../../../../src/contract/catalog/monitors.ts';
import { MONITOR_KINDS, openMonitor } from '../../../../src/runner/monitors/registry.ts';
import { describeMonitor, monitorPlan } from '../../../conformance/monitor-kit.ts';

describeMonitor({
  id: 'system',
  what: 'on this machine',
  open: () => openMonitor(monitorPlan('system')),
  // Long enough for the kernel's clock tick (10 ms) to have moved on.
  advance: () => new Promise((resolve) => setTimeout(resolve, 30)),
  rates: ['cpu', 'io-wait', 'network-in', 'network-out', 'disk-read', 'disk-write'],
  expected: ['cpu', 'memory', 'memory-used'],
});

describe('the registry of monitors', () => {
  it('has exactly the kinds that the catalog calls available', () => {
    const available = MONITORS.filter(({ unavailable }) => unavailable !== true).map(({ id }) => id);
    assert.deepEqual(Object.keys(MONITOR_KINDS).sort(), available.sort());
  });

  it('refuses the others by name, and where they stand', async () => {
    const plan = monitorPlan('nvidia');
    await assert.rejects(openMonitor(plan), {
      code: 'RUN_NOT_AVAILABLE',
      message: /nvidia is not available yet/,
      location: plan.location,
    });
    await assert.rejects(openMonitor(monitorPlan('toString')), { message: /no monitor source called toString/ });
    await assert.rejects(openMonitor(monitorPlan('system', { via: { kind: 'ssh', target: 'me@box' } })), {
      code: 'RUN_NOT_AVAILABLE',
      message: /via ssh/,
    });
  });
});
