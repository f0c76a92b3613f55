import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { FAILURE_REASONS, type FailureReason } from '../../../../src/contract/outcome.ts';
import { renderJson } from '../../../../src/runner/reports/json.ts';
import { failedRecord, okRecord, planOf, stageOf } from '../measure/example-run.ts';
import { STARTED, type ExampleRecord } from '../measure/example-record.ts';
import { exampleRecord, hostileRecord, inputOf } from './example-report.ts';

type Schema = Record<string, unknown>;
const schema = JSON.parse(
  readFileSync(new URL('../../../../docs/report.schema.json', import.meta.url), 'utf8'),
) as Schema;

/** Every object that names its properties takes no others: so that what the report holds stands in the schema. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, closed(each)]));
  return 'properties' in value && !('additionalProperties' in value)
    ? { ...inner, additionalProperties: false }
    : inner;
}

const ajv = new Ajv({ allErrors: true, formats: { 'date-time': true } });
const isReport = ajv.compile(closed(schema) as Schema);

async function check(example: ExampleRecord, what: string): Promise<void> {
  const input = await inputOf(example);
  const [file] = renderJson(input);
  const value: unknown = JSON.parse(file?.text ?? '');
  assert.deepEqual(value, input.report, `${what}: the file holds the report`);
  assert.ok(isReport(value), `${what}: ${ajv.errorsText(isReport.errors, { separator: '\n' })}`);
}

test('report.json is what its schema says, whatever the run was like', async () => {
  await check(exampleRecord(), 'a good run');
  await check(hostileRecord(), 'a hostile server');
  await check({ plan: planOf(), records: [] }, 'nothing sent');
  await check({ plan: planOf(), records: [failedRecord(1, 10)] }, 'nothing succeeded');
  await check({ plan: planOf(), records: [okRecord(1, 10)] }, 'one request');
  const every = (Object.keys(FAILURE_REASONS) as FailureReason[]).map((reason, id) => failedRecord(id, id, { reason }));
  await check({ plan: planOf(), records: every }, 'every failure');
  await check({ plan: planOf(), records: [okRecord(1, 10)], events: [STARTED] }, 'a killed run');
  const users = stageOf({ shape: { kind: 'closed', users: 2 }, group: 'ladder' });
  const poisson = stageOf({
    name: 'poisson',
    shape: { kind: 'open', arrivals: { kind: 'poisson' }, rate: { kind: 'flat', ratePerSecond: 10 } },
  });
  const load = { stages: [users, poisson], overload: 'drop', drainMs: 0 } as const;
  const sent = Array.from({ length: 40 }, (_, id) => okRecord(id, 1_000 + id * 20, { stage: 'poisson' }));
  const dropped = { id: 99, stage: 'steady', backend: 'demo', dueMs: 5, outcome: 'dropped' } as const;
  await check({ plan: planOf({ load }), records: [...sent, dropped] }, 'users and drops');
});

test('lists of numbers stand on one line', async () => {
  const [file] = renderJson(await inputOf(exampleRecord()));
  assert.match(file?.text ?? '', /"atMs": \[0, 1000, 2000, /);
  assert.match(file?.text ?? '', /"values": \[.*null.*\]/);
});
