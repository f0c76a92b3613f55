/** Records and plans for tests of measuring: plain ones, with what a test is about written over them. */
import type { RequestRecord } from '../../../../src/contract/outcome.ts';
import type { RunPlan, SlaCheck, StagePlan } from '../../../../src/contract/plan.ts';

const location = { file: '/scenario/chat.bench', line: 1, column: 1, endLine: 1, endColumn: 10 };

/** A successful request due at `dueMs`: sent 1 ms later, first output 100 ms after that, 11 tokens 20 ms apart, each in a read of its own. */
export function okRecord(id: number, dueMs: number, over: Partial<RequestRecord> = {}): RequestRecord {
  const sentMs = dueMs + 1;
  const firstMs = sentMs + 100;
  return {
    id,
    stage: 'steady',
    backend: 'demo',
    dueMs,
    sentMs,
    headersMs: sentMs + 50,
    firstByteMs: sentMs + 60,
    firstMs,
    firstAnswerMs: firstMs,
    lastMs: firstMs + 200,
    endMs: firstMs + 201,
    inputTokens: 100,
    outputTokens: 11,
    tokenSource: 'usage',
    reads: 11,
    outcome: 'ok',
    status: 200,
    itlMs: Array.from({ length: 10 }, () => 20),
    ...over,
  };
}

export function failedRecord(id: number, dueMs: number, over: Partial<RequestRecord> = {}): RequestRecord {
  return {
    id,
    stage: 'steady',
    backend: 'demo',
    dueMs,
    sentMs: dueMs + 1,
    endMs: dueMs + 51,
    outcome: 'failed',
    reason: 'http-status',
    status: 503,
    ...over,
  };
}

export function slaOf(check: SlaCheck, text = 'the limit'): RunPlan['slas'][number] {
  return { set: 'interactive', text, location, check };
}

export function statisticSla(metric: string, statistic: string, limit: number): RunPlan['slas'][number] {
  return slaOf({ kind: 'statistic', metric, statistic, comparison: '<', limit, dimension: 'duration' });
}

/** One open-loop stage of a second at 10 requests per second, constant. */
export function stageOf(over: Partial<StagePlan> = {}): StagePlan {
  return {
    name: 'steady',
    shape: { kind: 'open', arrivals: { kind: 'constant' }, rate: { kind: 'flat', ratePerSecond: 10 } },
    until: { kind: 'time', durationMs: 1_000 },
    location,
    ...over,
  };
}

export function planOf(over: Partial<RunPlan> = {}): RunPlan {
  return {
    schema: 'benchwright/plan@1',
    benchmark: 'chat',
    source: { file: '/scenario/chat.bench', textSha256: 'ab'.repeat(32), location },
    params: {},
    seed: 1,
    backend: {
      name: 'demo',
      location,
      protocol: 'simulator',
      headers: {},
      sampling: {},
      timeouts: { connectMs: 5_000, firstTokenMs: 60_000, betweenTokensMs: 30_000, totalMs: 600_000 },
      tokenizer: { kind: 'server' },
      options: {},
    },
    dataset: { name: 'prompts', location, source: 'random', freshPrefix: true, options: {} },
    load: { stages: [stageOf()], overload: 'queue', drainMs: 30_000 },
    slas: [],
    monitors: [],
    report: { formats: ['json'] },
    repeat: 1,
    uses: [],
    ...over,
  };
}
