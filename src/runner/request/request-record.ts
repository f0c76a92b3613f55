/** The line of requests.jsonl that a finished exchange becomes. Built once, at the end. */
import type { RequestRecord } from '../../contract/outcome.ts';
import type { Exchange } from './exchange.ts';
import { roundMs } from './output-stamps.ts';
import type { CleanWords } from './server-words.ts';

const MAX_FINISH_REASON_CHARACTERS = 64;

export interface RecordContext {
  readonly backend: string;
  readonly streams: boolean;
  /** The dataset's own length of the prompt stands in where the server gives none: it was counted with the declared tokenizer. */
  readonly trustsPromptLength: boolean;
  readonly clean: CleanWords;
}

type Draft = { -readonly [Key in keyof RequestRecord]?: RequestRecord[Key] | undefined };

export function createRecord(exchange: Exchange, context: RecordContext): RequestRecord {
  const { job, ending, stamps } = exchange;
  const answer = ending?.answer;
  const { session, turn, inputTokens, outputTokens: askedOutputTokens } = job.prompt;
  const draft: Draft = {
    id: job.id,
    stage: job.stage,
    backend: context.backend,
    dueMs: roundMs(job.dueMs),
    sentMs: rounded(exchange.sentMs),
    connectMs: rounded(exchange.connectMs),
    headersMs: rounded(exchange.headersMs),
    firstByteMs: rounded(exchange.firstByteMs),
    firstMs: rounded(stamps.firstMs),
    firstAnswerMs: rounded(exchange.firstAnswerMs),
    lastMs: rounded(exchange.lastMs),
    endMs: rounded(exchange.endMs),
    inputTokens: answer?.inputTokens ?? (context.trustsPromptLength ? inputTokens : undefined),
    outputTokens: answer?.outputTokens,
    reasoningTokens: answer?.reasoningTokens,
    cachedTokens: answer?.cachedTokens,
    askedOutputTokens,
    tokenSource: answer === undefined ? undefined : answer.outputTokens === undefined ? 'none' : 'usage',
    reads: context.streams && exchange.headersMs !== undefined ? stamps.count : undefined,
    outcome: ending?.outcome ?? 'failed',
    reason: ending?.reason,
    status: exchange.status,
    detail: ending?.detail === undefined ? undefined : context.clean(ending.detail),
    finishReason:
      answer?.finishReason === undefined ? undefined : context.clean(answer.finishReason, MAX_FINISH_REASON_CHARACTERS),
    resends: exchange.resends === 0 ? undefined : exchange.resends,
    session,
    turn,
    itlMs: stamps.count > 1 ? stamps.gapsMs() : undefined,
  };
  return withoutUndefined(draft) as RequestRecord;
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : roundMs(ms);
}

function withoutUndefined(draft: Draft): Draft {
  const kept: Record<string, unknown> = {};
  for (const key in draft) {
    const value = draft[key as keyof Draft];
    if (value !== undefined) kept[key] = value;
  }
  return kept;
}
