/** The plan of examples/quickstart.bench as written by hand, with what a test wants to say differently. */
import { lognormalFromMeanAndP99 } from '../../src/contract/distribution.ts';
import { DEFAULT_TIMEOUTS, PLAN_SCHEMA, type RunPlan, type SlaPlan } from '../../src/contract/plan.ts';

const FILE = '/home/ada/chat.bench';
const at = (line: number): RunPlan['source']['location'] => ({
  file: FILE,
  line,
  column: 3,
  endLine: line,
  endColumn: 20,
});

export const QUICKSTART_SLAS: readonly SlaPlan[] = [
  {
    set: 'interactive',
    text: 'ttft p95 < 500 ms',
    location: at(16),
    check: { kind: 'statistic', metric: 'ttft', statistic: 'p95', comparison: '<', limit: 500, dimension: 'duration' },
  },
  {
    set: 'interactive',
    text: 'itl p95 < 40 ms',
    location: at(17),
    check: { kind: 'statistic', metric: 'itl', statistic: 'p95', comparison: '<', limit: 40, dimension: 'duration' },
  },
  {
    set: 'interactive',
    text: 'error-rate < 1 %',
    location: at(18),
    check: { kind: 'window', metric: 'error-rate', comparison: '<', limit: 0.01, dimension: 'ratio' },
  },
];

export function makePlan(changes: Partial<RunPlan> = {}): RunPlan {
  return {
    schema: PLAN_SCHEMA,
    benchmark: 'quickstart',
    source: { file: FILE, textSha256: '0'.repeat(64), location: at(23) },
    params: {},
    seed: 1,
    backend: {
      name: 'demo',
      location: at(3),
      protocol: 'simulator',
      headers: {},
      sampling: {},
      timeouts: DEFAULT_TIMEOUTS,
      tokenizer: { kind: 'server' },
      options: {
        firstTokenMs: lognormalFromMeanAndP99(120, 400) ?? { kind: 'constant', value: 120 },
        interTokenMs: { kind: 'normal', mean: 20, stddev: 3 },
        outputTokens: { kind: 'constant', value: 128 },
      },
    },
    dataset: {
      name: 'prompts',
      location: at(9),
      source: 'random',
      outputTokens: { kind: 'uniform', min: 32, max: 128 },
      freshPrefix: true,
      options: { inputTokens: { kind: 'normal', mean: 512, stddev: 64 } },
    },
    load: {
      warmup: { until: { kind: 'requests', requests: 10 }, location: at(27) },
      stages: [
        {
          name: 'steady',
          shape: { kind: 'open', arrivals: { kind: 'poisson' }, rate: { kind: 'flat', ratePerSecond: 50 } },
          until: { kind: 'time', durationMs: 20_000 },
          location: at(28),
        },
      ],
      overload: 'queue',
      drainMs: 30_000,
    },
    slas: QUICKSTART_SLAS,
    monitors: [{ name: 'host', location: at(21), source: 'system', everyMs: 1_000, alerts: [], options: {} }],
    report: { formats: ['html', 'json', 'markdown', 'csv', 'junit'] },
    repeat: 1,
    uses: [],
    ...changes,
  };
}
