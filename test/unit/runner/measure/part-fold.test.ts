import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestRecord } from '../../../../src/contract/outcome.ts';
import type { DatasetPlan } from '../../../../src/contract/plan.ts';
import { failedRecord, okRecord, planOf } from './example-run.ts';
import { reportOf } from './example-record.ts';

const { dataset } = planOf();
const part = (weightRatio: number, name: string): NonNullable<DatasetPlan['mix']>[number] => ({
  weightRatio,
  dataset: { ...dataset, name },
});
const mixed = (...mix: NonNullable<DatasetPlan['mix']>) =>
  planOf({ dataset: { ...dataset, name: 'all', source: 'mix', mix } });

/** Sent at once; the first token after `ttftMs`, the last after `e2eMs`. */
function answered(id: number, from: string, ttftMs: number, e2eMs: number): RequestRecord {
  const sentMs = id * 5;
  const [firstMs, lastMs] = [sentMs + ttftMs, sentMs + e2eMs];
  return okRecord(id, sentMs, { dataset: from, sentMs, firstMs, firstAnswerMs: firstMs, lastMs, endMs: lastMs });
}

test('each part of a mix has figures of its own', async () => {
  const chats = Array.from({ length: 20 }, (_, index) => answered(index, 'chat', 10 * (index + 1), 500));
  const documents = Array.from({ length: 4 }, (_, index) => answered(20 + index, 'documents', 1_000, 2_000 + index));
  const records = [
    ...chats,
    ...documents,
    failedRecord(24, 120, { dataset: 'documents' }),
    // None of these is of a part: the warm-up, a line that was added by a resume, one that somebody edited.
    okRecord(-1, 0, { stage: 'warmup', dataset: 'chat' }),
    okRecord(25, 125),
    okRecord(26, 130, { dataset: 'elsewhere' }),
  ];
  const { parts } = await reportOf({
    plan: mixed(part(0.8, 'chat'), part(0.15, 'documents'), part(0.05, 'code')),
    records,
  });
  assert.deepEqual(parts, [
    {
      dataset: 'chat',
      weightRatio: 0.8,
      requests: 20,
      succeeded: 20,
      failed: 0,
      inputTokensMean: 100,
      outputTokensMean: 11,
      ttftMsP50: 100,
      ttftMsP95: 190,
      e2eMsP50: 500,
      e2eMsP95: 500,
    },
    {
      dataset: 'documents',
      weightRatio: 0.15,
      requests: 5,
      succeeded: 4,
      failed: 1,
      inputTokensMean: 100,
      outputTokensMean: 11,
      ttftMsP50: 1_000,
      ttftMsP95: 1_000,
      e2eMsP50: 2_001,
      e2eMsP95: 2_003,
    },
    { dataset: 'code', weightRatio: 0.05, requests: 0, succeeded: 0, failed: 0 },
  ]);
});

test('a dataset that stands twice in a mix is one part', async () => {
  const { parts } = await reportOf({
    plan: mixed(part(0.5, 'chat'), part(0.25, 'code'), part(0.25, 'chat')),
    records: [okRecord(0, 0, { dataset: 'chat' })],
  });
  assert.deepEqual(
    parts?.map(({ dataset: name, weightRatio, requests }) => [name, weightRatio, requests]),
    [
      ['chat', 0.75, 1],
      ['code', 0.25, 0],
    ],
  );
});

test('without a mix there are no parts', async () => {
  assert.equal((await reportOf({ plan: planOf(), records: [okRecord(0, 0)] })).parts, undefined);
});
