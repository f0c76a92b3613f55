/** The line of requests.jsonl that a finished exchange becomes. Built once, at the end. */
import type { Draft } from '../../contract/draft.ts';
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

export function createRecord(exchange: Exchange, context: RecordContext): RequestRecord {
  const { job, ending, stamps } = exchange;
  const record: Draft<RequestRecord> = {
    id: job.id,
    stage: job.stage,
    backend: context.backend,
    dueMs: roundMs(job.dueMs),
    outcome: ending?.outcome ?? 'failed',
  };
  addInstants(record, exchange);
  addAnswer(record, exchange, context);
  const { dataset, session, turn, turns, outputTokens: askedOutputTokens } = job.prompt;
  if (askedOutputTokens !== undefined) record.askedOutputTokens = askedOutputTokens;
  if (dataset !== undefined) record.dataset = dataset;
  if (session !== undefined) record.session = session;
  if (turn !== undefined) record.turn = turn;
  if (turns !== undefined) record.turns = turns;
  if (context.streams && exchange.headersMs !== undefined) record.reads = stamps.count;
  if (stamps.count > 1) record.itlMs = stamps.gapsMs();
  if (exchange.status !== undefined) record.status = exchange.status;
  if (exchange.resends > 0) record.resends = exchange.resends;
  if (ending?.reason !== undefined) record.reason = ending.reason;
  if (ending?.detail !== undefined) record.detail = context.clean(ending.detail);
  return record;
}

/** What did not happen has no instant. */
function addInstants(record: Draft<RequestRecord>, exchange: Exchange): void {
  const { sentMs, connectMs, headersMs, firstByteMs, firstAnswerMs, lastMs, endMs, stamps } = exchange;
  const { firstMs } = stamps;
  if (sentMs !== undefined) record.sentMs = roundMs(sentMs);
  if (connectMs !== undefined) record.connectMs = roundMs(connectMs);
  if (headersMs !== undefined) record.headersMs = roundMs(headersMs);
  if (firstByteMs !== undefined) record.firstByteMs = roundMs(firstByteMs);
  if (firstMs !== undefined) record.firstMs = roundMs(firstMs);
  if (firstAnswerMs !== undefined) record.firstAnswerMs = roundMs(firstAnswerMs);
  if (lastMs !== undefined) record.lastMs = roundMs(lastMs);
  if (endMs !== undefined) record.endMs = roundMs(endMs);
}

function addAnswer(record: Draft<RequestRecord>, { job, ending }: Exchange, context: RecordContext): void {
  const answer = ending?.answer;
  const inputTokens = answer?.inputTokens ?? (context.trustsPromptLength ? job.prompt.inputTokens : undefined);
  if (inputTokens !== undefined) record.inputTokens = inputTokens;
  if (answer === undefined) return;
  const { outputTokens, reasoningTokens, cachedTokens, finishReason } = answer;
  if (outputTokens !== undefined) record.outputTokens = outputTokens;
  if (reasoningTokens !== undefined) record.reasoningTokens = reasoningTokens;
  if (cachedTokens !== undefined) record.cachedTokens = cachedTokens;
  record.tokenSource = outputTokens === undefined ? 'none' : 'usage';
  if (finishReason !== undefined) record.finishReason = context.clean(finishReason, MAX_FINISH_REASON_CHARACTERS);
}
