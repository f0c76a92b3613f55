import assert from 'node:assert/strict';
import { test } from 'node:test';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { ReportData } from '../../../../src/contract/report.ts';
import { renderCsv } from '../../../../src/runner/reports/csv.ts';
import { renderJunit } from '../../../../src/runner/reports/junit.ts';
import { renderMarkdown } from '../../../../src/runner/reports/markdown.ts';
import { CALM, eventsOf } from '../measure/example-record.ts';
import { failedRecord, okRecord, planOf } from '../measure/example-run.ts';
import { exampleRecord, hasControlCharacter, HOSTILE, hostileRecord, inputOf } from './example-report.ts';

const textOf = (files: readonly { readonly text: string }[], index = 0): string => files[index]?.text ?? '';

/** Rows of a CSV text, by RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\n') rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}

type Attributes = Readonly<Record<string, string>>;
interface Case {
  readonly '@': Attributes;
  readonly failure?: { readonly '@': Attributes; readonly '#': string };
  readonly error?: { readonly '@': Attributes };
  readonly skipped?: { readonly '@': Attributes };
}
interface Suite {
  readonly '@': Attributes;
  readonly testcase: readonly Case[];
}

function parseJunit(text: string): Suite {
  assert.equal(XMLValidator.validate(text), true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributesGroupName: '@',
    attributeNamePrefix: '',
    textNodeName: '#',
    isArray: (name) => name === 'testcase',
  });
  return (parser.parse(text) as { testsuites: { testsuite: Suite } }).testsuites.testsuite;
}

test('JUnit: each SLA is a test case with its place in the scenario, and the measurement is one too', async () => {
  const suite = parseJunit(textOf(renderJunit(await inputOf(exampleRecord()))));
  const results = suite.testcase.map((each) => [
    each['@']['name'],
    each.failure ? 'failure' : each.skipped ? 'skipped' : each.error ? 'error' : 'passed',
  ]);
  assert.deepEqual(results, [
    ['the measurement is valid', 'passed'],
    ['ttft p95 < 500 ms', 'passed'],
    ['itl p99 < 10 ms', 'failure'],
    ['ttft p99.9 < 500 ms', 'skipped'],
    ['connect p50 < 500 ms', 'skipped'],
    ['goodput > 50 % where ttft < 400 ms', 'passed'],
  ]);
  const { tests, failures, errors, skipped } = suite['@'];
  assert.deepEqual([tests, failures, errors, skipped], ['6', '1', '0', '2']);
  const breached = suite.testcase[2];
  assert.equal(breached?.['@']['file'], '/scenario/chat.bench');
  assert.match(breached?.failure?.['@']['message'] ?? '', /measured 20 ms, limit < 10 ms/);
});

test('JUnit: an invalid measurement and a run that ended early are errors', async () => {
  const plan = planOf();
  const events = eventsOf(plan, { sample: { ...CALM, loopLagMsP99: 900 } });
  const invalid = parseJunit(textOf(renderJunit(await inputOf({ plan, records: [okRecord(1, 1)], events }))));
  assert.ok(invalid.testcase[0]?.error);
  assert.equal(invalid['@']['errors'], '1');
  const torn = events.filter(({ type }) => type !== 'run.ended');
  const killed = parseJunit(textOf(renderJunit(await inputOf({ plan, records: [okRecord(1, 1)], events: torn }))));
  assert.match(killed.testcase[0]?.error?.['@']['message'] ?? '', /ended before the run was over/);
});

test('JUnit: whatever a server or a scenario says, the file can be read', async () => {
  const suite = parseJunit(textOf(renderJunit(await inputOf(hostileRecord()))));
  const shown = suite.testcase[1]?.['@']['name'] ?? '';
  assert.ok(shown.includes('<script>window.hacked = true</script>'), 'as text');
  const text = textOf(renderJunit(await inputOf(hostileRecord())));
  assert.ok(!hasControlCharacter(text) && text.isWellFormed());
});

test('CSV: one row per metric of the run and of each stage, one row per second', async () => {
  const { report, ...rest } = await inputOf(exampleRecord());
  const files = renderCsv({ report, ...rest });
  assert.deepEqual(
    files.map(({ name }) => name),
    ['summary.csv', 'series.csv'],
  );
  const [head = [], ...rows] = parseCsv(textOf(files));
  const metrics = (table: ReportData['metrics']): number => Object.keys(table).length;
  assert.equal(
    rows.length,
    metrics(report.metrics) + report.stages.reduce((sum, stage) => sum + metrics(stage.metrics), 0),
  );
  assert.ok(rows.every((row) => row.length === head.length));
  const ttft = rows.find((row) => row[0] === 'run' && row[1] === 'ttft') ?? [];
  const cell = (column: string): string | undefined => ttft[head.indexOf(column)];
  const summary = report.metrics['ttft'];
  assert.ok(summary !== undefined && 'count' in summary);
  assert.deepEqual([cell('unit'), cell('count'), cell('value')], ['ms', '400', '']);
  assert.deepEqual([cell('p95'), cell('p95_upper')], [String(summary.p95), String(summary.ci['p95']?.upper)]);
  const [seriesHead = [], ...seconds] = parseCsv(textOf(files, 1));
  assert.equal(seconds.length, report.series.atMs.length);
  assert.deepEqual(seriesHead.slice(0, 3), ['at_ms', 'asked (req/s)', 'due (req/s)']);
  assert.ok(seriesHead.includes('host.cpu (ratio)'));
});

test('CSV: the parts of a mix are windows of their own, with the figures the report has', async () => {
  const { report, ...rest } = await inputOf(exampleRecord());
  const chat = { dataset: 'chat', weightRatio: 0.8, requests: 20, succeeded: 19, failed: 1 };
  const figures = {
    inputTokensMean: 100.5,
    outputTokensMean: 11,
    ttftMsP50: 90,
    ttftMsP95: 190,
    e2eMsP50: 450,
    e2eMsP95: 500,
  };
  const nothing = { dataset: 'code', weightRatio: 0.2, requests: 0, succeeded: 0, failed: 0 };
  const files = renderCsv({ ...rest, report: { ...report, parts: [{ ...chat, ...figures }, nothing] } });
  const [head = [], ...rows] = parseCsv(textOf(files));
  assert.ok(rows.every((row) => row.length === head.length));
  const columns = ['window', 'metric', 'unit', 'value', 'mean', 'p50', 'p95'];
  assert.deepEqual(
    rows
      .filter(([window]) => window?.startsWith('part '))
      .map((row) => columns.map((column) => row[head.indexOf(column)]).join(' ')),
    [
      'part chat weight ratio 0.8   ',
      'part chat requests  20   ',
      'part chat succeeded  19   ',
      'part chat failed  1   ',
      'part chat input-tokens tokens  100.5  ',
      'part chat output-tokens tokens  11  ',
      'part chat ttft ms   90 190',
      'part chat e2e ms   450 500',
      'part code weight ratio 0.2   ',
      'part code requests  0   ',
      'part code succeeded  0   ',
      'part code failed  0   ',
    ],
  );
});

test('CSV: no text is a formula, and negative numbers stay numbers', async () => {
  const { report, ...rest } = await inputOf(exampleRecord());
  const value = { unit: '=1+1', value: -5 };
  const files = renderCsv({
    ...rest,
    report: { ...report, metrics: { '@SUM(A1)': value, '-2+3': value, '+1': value } },
  });
  const rows = parseCsv(textOf(files)).slice(1, 4);
  assert.deepEqual(
    rows.map((row) => row.slice(1, 5)),
    [
      ["'@SUM(A1)", "'@SUM(A1)", "'=1+1", '-5'],
      ["'-2+3", "'-2+3", "'=1+1", '-5'],
      ["'+1", "'+1", "'=1+1", '-5'],
    ],
  );
});

test('Markdown: the tables one would paste into a pull request', async () => {
  const text = textOf(renderMarkdown(await inputOf(exampleRecord())));
  assert.match(text, /^## chat: Failed\n\n1 of 5 SLAs is breached\./);
  assert.match(text, /\| ✓ \| `ttft p95 < 500 ms` \| 21\d ms \| .* … .* ms \| met \|/);
  assert.match(text, /\| Inter-token latency \(`itl`\) \| 4000 \| 20 ms \|/);
  assert.match(text, /\| low \| 10 req\/s \|/);
  assert.match(text, /### Measurement\n\n\*\*/);
  for (const table of text.split('\n\n').filter((block) => block.startsWith('|'))) {
    const columns = table.split('\n').map((line) => line.replace(/\\\|/g, '').split('|').length);
    assert.equal(new Set(columns).size, 1, table);
  }
});

test('Markdown: what a server said is text: no markup, no cell, no mention', async () => {
  const text = textOf(renderMarkdown(await inputOf(hostileRecord())));
  const outsideCode = text.replace(/`[^`\n]*`/g, '');
  assert.ok(!outsideCode.includes('<script'), 'no element outside of code');
  assert.ok(!outsideCode.includes('<img'));
  assert.ok(!outsideCode.includes('@everyone'));
  for (const table of text.split('\n\n').filter((block) => block.startsWith('|'))) {
    const columns = table.split('\n').map((line) => line.replace(/\\\|/g, '').split('|').length);
    assert.equal(new Set(columns).size, 1, table);
  }
  assert.ok(HOSTILE.includes('|'));
});

test('a run of which nothing succeeded has all its reports', async () => {
  const input = await inputOf({ plan: planOf(), records: [failedRecord(1, 10)] });
  assert.match(textOf(renderMarkdown(input)), /## chat: Failed\n\nNone of 1 request succeeded\./);
  parseJunit(textOf(renderJunit(input)));
  assert.ok(parseCsv(textOf(renderCsv(input))).length > 1);
});
