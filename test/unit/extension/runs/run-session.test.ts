import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunFinished } from '../../../../src/contract/protocol/runner.ts';
import type { PartReport, ReportData } from '../../../../src/contract/report.ts';
import { finishedFromReport, finishedMessage } from '../../../../src/extension/runs/run-session.ts';
import { RUNNER_EVENTS } from '../../../fixtures/protocol-examples.ts';

const finished: RunFinished = RUNNER_EVENTS['run.finished'];
const parts: readonly PartReport[] = [{ dataset: 'chat', weightRatio: 1, requests: 3, succeeded: 3, failed: 0 }];
const reportOf = (more: Pick<ReportData, 'parts'>): ReportData =>
  ({ ...finished, run: { outcome: finished.outcome }, ...more }) as unknown as ReportData;

test('the dashboard is told of the parts of a mix, by the run and by its report', () => {
  assert.deepEqual(finishedMessage({ ...finished, parts }).parts, parts);
  assert.deepEqual(finishedFromReport(reportOf({ parts })).parts, parts);
});

test('and of none where the dataset is one', () => {
  assert.ok(!('parts' in finishedMessage(finished)));
  assert.ok(!('parts' in finishedFromReport(reportOf({}))));
});
