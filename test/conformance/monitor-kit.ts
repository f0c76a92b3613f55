/** What every monitor must get right, whatever it watches: one suite that each implementation runs. */
import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { findMonitor } from '../../src/contract/catalog/monitors.ts';
import type { MonitorPlan } from '../../src/contract/plan.ts';
import type { MonitorReading, MonitorSource } from '../../src/runner/monitors/monitor.ts';

export interface MonitorUnderTest {
  /** Catalog id. */
  readonly id: string;
  /** What it is: the real thing, or which recording. */
  readonly what: string;
  open(): Promise<MonitorSource>;
  /** Lets time pass between two readings, so that rates exist. */
  advance(): Promise<void>;
  /** Series that need two readings. */
  readonly rates: readonly string[];
  /** Series that must be there in the second reading. */
  readonly expected: readonly string[];
}

export function monitorPlan(source: string, rest: Partial<MonitorPlan> = {}): MonitorPlan {
  return {
    name: 'host',
    location: { file: '/scenario.bench', line: 9, column: 1, endLine: 9, endColumn: 30 },
    source,
    everyMs: 1000,
    alerts: [],
    options: {},
    ...rest,
  };
}

export function describeMonitor(monitor: MonitorUnderTest): void {
  describe(`the monitor ${monitor.id}, ${monitor.what} (conformance)`, () => {
    let source: MonitorSource;
    const readings: (readonly MonitorReading[])[] = [];

    before(async () => {
      source = await monitor.open();
      for (let index = 0; index < 3; index += 1) {
        readings.push(await source.read());
        await monitor.advance();
      }
    });
    after(() => source.dispose());

    const all = (): MonitorReading[] => readings.flat();
    const seriesOf = (reading: readonly MonitorReading[] | undefined): Set<string> =>
      new Set((reading ?? []).flatMap(({ values }) => Object.keys(values)));

    it('gives at least one reading, and no device twice', () => {
      for (const reading of readings) {
        assert.ok(reading.length > 0);
        assert.equal(new Set(reading.map(({ device }) => device)).size, reading.length);
      }
    });

    it('names its series as the catalog does, each with a finite number', () => {
      const entry = findMonitor(monitor.id);
      const knownSeries = new Set(entry?.series.map(({ id }) => id));
      for (const { values } of all())
        for (const [series, value] of Object.entries(values)) {
          assert.ok(entry?.openSeries === true || knownSeries.has(series), series);
          assert.ok(Number.isFinite(value) && value >= 0, `${series} ${value}`);
        }
    });

    it('gives shares from 0 to 1', () => {
      const ratios = new Set(
        findMonitor(monitor.id)
          ?.series.filter(({ dimension }) => dimension === 'ratio')
          .map(({ id }) => id),
      );
      for (const { values } of all())
        for (const [series, value] of Object.entries(values))
          if (ratios.has(series)) assert.ok(value <= 1, `${series} ${value}`);
    });

    it('has no rates in its first reading, rather than rates of 0', () => {
      const first = seriesOf(readings[0]);
      assert.deepEqual(
        monitor.rates.filter((series) => first.has(series)),
        [],
      );
    });

    it('has every series it can give from the second reading on', () => {
      for (const reading of readings.slice(1)) {
        const there = seriesOf(reading);
        assert.deepEqual(
          monitor.expected.filter((series) => !there.has(series)),
          [],
        );
      }
    });

    it('can be disposed of twice', async () => {
      await source.dispose();
    });
  });
}
