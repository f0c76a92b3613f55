import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestRecord } from '../../../../src/contract/outcome.ts';
import { renderRecordLine } from '../../../../src/runner/measure/record-line.ts';

test('nothing of a record is lost on the way to its line', () => {
  const whole: Required<RequestRecord> = {
    id: 7,
    stage: 'a "stage"',
    backend: 'b',
    dueMs: 1.5,
    sentMs: 2,
    connectMs: 0.25,
    headersMs: 3,
    firstByteMs: 3.001,
    firstMs: 4,
    firstAnswerMs: 5,
    lastMs: 6,
    endMs: 7,
    inputTokens: 100,
    outputTokens: 20,
    reasoningTokens: 5,
    cachedTokens: 48,
    countedOutputTokens: 21,
    askedOutputTokens: 32,
    tokenSource: 'usage',
    reads: 3,
    outcome: 'failed',
    reason: 'stream-cut',
    status: 200,
    detail: 'line\nbreak',
    lost: true,
    finishReason: 'stop',
    heldMs: 0.125,
    resends: 1,
    dataset: 'chat',
    session: 's-1',
    turn: 2,
    turns: 3,
    itlMs: [1, 0.5],
  };
  const line = renderRecordLine(whole);
  assert.ok(line.endsWith('}\n'));
  assert.deepEqual(JSON.parse(line), whole);
});
