/** Reports for tests: of a run with everything in it, a failed one with a hostile server, and one of which nothing succeeded. */
import type { RequestRecord } from '../../../../src/contract/outcome.ts';
import type { RunPlan } from '../../../../src/contract/plan.ts';
import type { MonitorSample } from '../../../../src/contract/record.ts';
import { foldRecord } from '../../../../src/runner/measure/fold-record.ts';
import type { PageAssets, ReportInput } from '../../../../src/runner/reports/report-format.ts';
import { failedRecord, okRecord, planOf, slaOf, stageOf, statisticSla } from '../measure/example-run.ts';
import { eventsOf, fileTexts, sourceOf, type ExampleRecord } from '../measure/example-record.ts';

/** Text that would do harm in HTML, XML, Markdown, a spreadsheet or a terminal, if it were taken for more than text. */
export const HOSTILE =
  '=cmd|\' /C calc\'!A0 </script><script>window.hacked = true</script> <img src=x onerror="window.hacked = true"> | `x` \u0007\u001b[31m ]]> \ud800 & @everyone';

const inSeconds = (seconds: number) => ({ kind: 'time', durationMs: seconds * 1_000 }) as const;

export function examplePlan(over: Partial<RunPlan> = {}): RunPlan {
  return planOf({
    doc: 'An example.',
    params: { model: 'tiny' },
    load: {
      stages: [stageOf({ name: 'low', until: inSeconds(5) }), stageOf({ name: 'high', until: inSeconds(5) })],
      overload: 'queue',
      drainMs: 1_000,
    },
    slas: [
      { ...statisticSla('ttft', 'p95', 500), text: 'ttft p95 < 500 ms' },
      { ...statisticSla('itl', 'p99', 10), text: 'itl p99 < 10 ms' },
      { ...statisticSla('ttft', 'p99.9', 500), text: 'ttft p99.9 < 500 ms' },
      { ...statisticSla('connect', 'p50', 500), text: 'connect p50 < 500 ms' },
      slaOf(
        {
          kind: 'goodput',
          metric: 'goodput',
          comparison: '>',
          limit: 0.5,
          dimension: 'ratio',
          where: [{ metric: 'ttft', comparison: '<', limit: 400, dimension: 'duration' }],
        },
        'goodput > 50 % where ttft < 400 ms',
      ),
    ],
    monitors: [
      { name: 'host', location: planOf().source.location, source: 'system', everyMs: 1_000, alerts: [], options: {} },
    ],
    report: { formats: ['html', 'json', 'csv', 'markdown', 'junit'] },
    ...over,
  });
}

function records(failing: (id: number) => RequestRecord | undefined = () => undefined): readonly RequestRecord[] {
  return Array.from({ length: 400 }, (_, id) => {
    const dueMs = 1_000 + id * 25;
    const stage = dueMs < 6_000 ? 'low' : 'high';
    const firstMs = dueMs + 100 + ((id * 37) % 120);
    return failing(id) ?? okRecord(id, dueMs, { stage, firstMs, lastMs: firstMs + 200, endMs: firstMs + 201 });
  });
}

const monitors: readonly MonitorSample[] = Array.from({ length: 11 }, (_, second) => ({
  monitor: 'host',
  device: '',
  atMs: second * 1_000 + 500,
  values: { cpu: 0.3 + second / 100, memory: 0.5, 'memory-used': 2 ** 33, load: 1.5 },
}));

export function exampleRecord(over: Partial<ExampleRecord> = {}): ExampleRecord {
  const plan = over.plan ?? examplePlan();
  const warmup = Array.from({ length: 5 }, (_, index) => okRecord(-1 - index, index * 100, { stage: 'warmup' }));
  return { plan, records: [...warmup, ...records()], monitors, events: eventsOf(plan, { startMs: 1_000 }), ...over };
}

/** A scenario, a server and an environment that all try to be more than text. */
export function hostileRecord(): ExampleRecord {
  const plan = examplePlan({
    benchmark: HOSTILE,
    doc: HOSTILE,
    params: { [HOSTILE]: HOSTILE },
    backend: { ...planOf().backend, name: HOSTILE, model: HOSTILE, url: 'javascript:alert(1)' },
    slas: [{ ...statisticSla('ttft', 'p95', 50), text: HOSTILE, set: HOSTILE }],
  });
  const refused = (id: number): RequestRecord | undefined =>
    id % 3 === 0 ? failedRecord(id, 1_000 + id * 25, { stage: 'low', detail: HOSTILE }) : undefined;
  return exampleRecord({ plan, records: records(refused), events: eventsOf(plan, { startMs: 1_000 }) });
}

export async function inputOf(example: ExampleRecord, page?: PageAssets): Promise<ReportInput> {
  const { plan, report } = await foldRecord(sourceOf(fileTexts(example), example.elsewhere));
  return { plan, report, page };
}

/** Control characters that neither XML nor a terminal should get to see: all but tab and line breaks. */
export function hasControlCharacter(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return true;
  }
  return false;
}
