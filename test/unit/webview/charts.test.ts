import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToDashboard } from '../../../src/contract/protocol/webview.ts';
import { chartList } from '../../../webview/charts/chart-list.ts';
import { describeChart, formatClock, type ChartModel } from '../../../webview/charts/chart-model.ts';
import { DEFAULT_CHOICES } from '../../../webview/persist.ts';
import { EMPTY_STATE, reduce } from '../../../webview/store.ts';
import { storyEnd, storyOf, storyStart } from '../../helpers/dashboard-story.ts';
import { makeSnapshot } from '../../helpers/make-snapshot.ts';

function chartsAfter(messages: readonly ToDashboard[]): ReadonlyMap<string, ChartModel> {
  const models = chartList(messages.reduce(reduce, EMPTY_STATE), DEFAULT_CHOICES);
  return new Map(models.map((model) => [model.id, model]));
}

test('each thing the issue asks to be watched has a chart', () => {
  const charts = chartsAfter(storyOf(30));
  assert.deepEqual([...charts.keys()], ['rate', 'tokens', 'ttft', 'itl', 'flight', 'errors', 'monitor-host']);
  assert.deepEqual(
    charts.get('ttft')?.lines.map((line) => line.label),
    ['p50', 'p95', 'p99'],
  );
  assert.deepEqual(
    charts.get('monitor-host')?.lines.map((line) => line.label),
    ['CPU', 'memory'],
  );
});

test('rates are per second, whatever the interval of a point', () => {
  const messages: ToDashboard[] = [storyStart()];
  for (let index = 1; index <= 9; index++)
    messages.push({
      type: 'snapshot',
      snapshot: makeSnapshot({ sequence: index, atMs: index * 250, interval: { sent: 5, outputTokens: 100 } }),
    });
  const charts = chartsAfter(messages);
  assert.deepEqual(charts.get('rate')?.lines[0]?.values, [20, 20]);
  assert.deepEqual(charts.get('tokens')?.lines[0]?.values, [400, 400]);
  assert.deepEqual(charts.get('rate')?.atSeconds, [1, 2]);
});

test('the sliver of a second at the end of a run is no point of its curves', () => {
  const messages: ToDashboard[] = [storyStart()];
  for (let index = 1; index <= 9; index++)
    messages.push({
      type: 'snapshot',
      snapshot: makeSnapshot({ sequence: index, atMs: index * 250, interval: { sent: 5 } }),
    });
  assert.deepEqual(chartsAfter([...messages, storyEnd('passed')]).get('rate')?.atSeconds, [1, 2]);
  const wider = { type: 'snapshot', snapshot: makeSnapshot({ sequence: 10, atMs: 2900, intervalMs: 650 }) } as const;
  assert.deepEqual(chartsAfter([...messages, wider, storyEnd('passed')]).get('rate')?.atSeconds, [1, 2, 2.9]);
});

test('a closed loop asks for no rate, and a run without monitors has no load chart', () => {
  const charts = chartsAfter([
    storyStart(),
    { type: 'snapshot', snapshot: makeSnapshot({ users: 8 }) },
    { type: 'snapshot', snapshot: makeSnapshot({ sequence: 5, atMs: 1250, users: 8 }) },
  ]);
  assert.deepEqual(
    charts.get('rate')?.lines.map((line) => line.label),
    ['sent'],
  );
  assert.equal(charts.has('monitor-host'), false);
});

test('limits of the SLAs stand on the charts of their metrics', () => {
  const charts = chartsAfter(storyOf(30));
  assert.deepEqual(charts.get('ttft')?.limits, [{ label: 'p95 < 500 ms', value: 500 }]);
  assert.deepEqual(charts.get('itl')?.limits, [{ label: 'p95 < 40 ms', value: 40 }]);
});

test('warm-up is a stretch that does not count, a new stage a border', () => {
  const spans = chartsAfter([...storyOf(100), storyEnd('passed')]).get('rate')?.spans;
  assert.deepEqual(spans, [
    { label: 'warm-up', fromSeconds: 0, toSeconds: 4 },
    { label: 'ramp', fromSeconds: 64 },
  ]);
});

test('a chart says in words what it shows', () => {
  const model = chartsAfter(storyOf(30)).get('itl');
  assert.ok(model !== undefined);
  assert.match(
    describeChart(model),
    /^Chart: Inter-token latency; newest values at 0:29: p50 \d.* ms, p95 .* ms, p99 .* ms, limit p95 < 40 ms$/,
  );
});

test('times on the axis', () => {
  assert.deepEqual([0, 61, 3600, 86_399].map(formatClock), ['0:00', '1:01', '1:00:00', '23:59:59']);
});
