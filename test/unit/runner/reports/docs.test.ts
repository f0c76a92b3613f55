/** docs/metrics.md and docs/reports.md say what the program does. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { formatMeasured } from '../../../../src/contract/format-measured.ts';
import { RESULT_FILES } from '../../../../src/contract/record.ts';
import { percentileRanks } from '../../../../src/runner/measure/statistics/percentile-interval.ts';
import { THRESHOLDS } from '../../../../src/runner/measure/validity-thresholds.ts';

const read = (name: string): string => readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8');
/** Lines without the padding of their tables. */
const lines = (text: string): readonly string[] => text.split('\n').map((line) => line.replace(/\s+/g, ' ').trim());

test('every threshold stands in docs/metrics.md', () => {
  const all = lines(read('metrics.md'));
  const rows: readonly (readonly [reason: string, name: keyof typeof THRESHOLDS, unit: string, says: string])[] = [
    ['loop-lag', 'loopLagMs', 'ms', ''],
    ['schedule-lag', 'scheduleLagMs', 'ms', ''],
    ['generator-cpu', 'cpuRatio', 'ratio', ''],
    ['gc-pauses', 'gcPauseMs', 'ms', ''],
    ['rate-short', 'rateShortRatio', 'ratio', ''],
    ['arrival-distribution', 'ksDistance', 'ratio', 'distance of the gaps'],
    ['arrival-distribution', 'dispersionRatio', 'ratio', 'constant arrivals'],
    ['clock-step', 'clockStepMs', 'ms', ''],
    ['generator-failures', 'generatorFailures', '', ''],
    ['connections-in-window', 'connectingShareRatio', 'ratio', ''],
    ['server-late', 'serverLateMs', 'ms', ''],
    ['prefix-cache', 'cacheHitRatio', 'ratio', ''],
    ['censored', 'censoredRatio', 'ratio', ''],
    ['tokens-uncounted', 'uncountedRatio', 'ratio', ''],
    ['tokens-beyond-asked', 'beyondAskedRatio', 'ratio', ''],
  ];
  const shown = new Set(rows.map(([, name]) => name));
  assert.deepEqual(
    Object.keys(THRESHOLDS).filter((name) => !shown.has(name as keyof typeof THRESHOLDS)),
    ['fewestSuccesses'],
  );
  for (const [reason, name, unit, says] of rows) {
    const threshold: { readonly suspect: number; readonly invalid?: number } = THRESHOLDS[name];
    const { suspect, invalid } = threshold;
    const end = `| ${formatMeasured(suspect, unit)} | ${invalid === undefined ? '–' : formatMeasured(invalid, unit)} |`;
    assert.ok(
      all.some((line) => line.startsWith(`| \`${reason}\` | ${says}`) && line.endsWith(end)),
      `${reason}: ${end}`,
    );
  }
  assert.ok(all.some((line) => line.includes(`fewer than ${THRESHOLDS.fewestSuccesses.suspect} successful`)));
});

test('the sample sizes the documentation names are those the intervals need', () => {
  const text = read('metrics.md').replace(/\s+/g, ' ');
  const needed = (quantile: number): number => {
    let count = 1;
    while (percentileRanks(quantile, count).upper === undefined) count++;
    return count;
  };
  const [p95, p99, p999] = [0.95, 0.99, 0.999].map(needed);
  assert.ok(
    text.includes(`p95 needs ${p95} values, p99 ${p99}, p99.9 ${String(p999).replace(/(\d)(\d{3})$/, '$1 $2')}`),
    `${p95} ${p99} ${p999}`,
  );
});

test('every file of a result stands in docs/reports.md', () => {
  const text = read('reports.md');
  for (const name of Object.values(RESULT_FILES))
    if (name !== RESULT_FILES.latest) assert.ok(text.includes(`\`${name}\``), name);
});
