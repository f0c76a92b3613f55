/** junit.xml: each SLA is a test case, and so is the measurement itself. */
import { RESULT_FILES } from '../../contract/record.ts';
import type { ReportData, SlaResult } from '../../contract/report.ts';
import { baseName, headline, interval, measured, VALIDITY_WORDS } from './words.ts';
import type { RenderReport } from './report-format.ts';

export const renderJunit: RenderReport = ({ report }) => [{ name: RESULT_FILES.junit, text: render(report) }];

interface TestCase {
  readonly className: string;
  readonly name: string;
  readonly line?: number;
  readonly result?: {
    readonly kind: 'failure' | 'error' | 'skipped';
    readonly message: string;
    readonly detail: string;
  };
}

function render(report: ReportData): string {
  const { run } = report;
  const cases = [measurementCase(report), ...report.sla.map((sla) => slaCase(sla, run.benchmark))];
  const count = (kind: string): number => cases.filter(({ result }) => result?.kind === kind).length;
  const totals = attributes({
    name: run.benchmark,
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds(run.durationMs),
  });
  const { word, sentence } = headline(report);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `  <testsuite ${totals} ${attributes({ timestamp: run.startedAt.replace(/\.\d+Z$/, ''), hostname: report.environment.hostname })}>`,
    '    <properties>',
    ...Object.entries({ file: run.file, run: run.id, seed: String(run.seed), validity: report.validity.verdict }).map(
      ([name, value]) => `      <property ${attributes({ name, value })}/>`,
    ),
    '    </properties>',
    ...cases.flatMap((each) => renderCase(each, run.file)),
    `    <system-out>${escapeXml(`${word}: ${sentence}`)}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function measurementCase({ run, validity }: ReportData): TestCase {
  const name = 'the measurement is valid';
  const detail = validity.reasons.map(({ severity, message }) => `${severity}: ${message}`).join('\n');
  const base = { className: run.benchmark, name };
  if (run.error !== undefined)
    return { ...base, result: { kind: 'error', message: run.error.message, detail: run.error.hint ?? '' } };
  if (validity.verdict === 'invalid')
    return { ...base, result: { kind: 'error', message: VALIDITY_WORDS.invalid, detail } };
  return base;
}

function slaCase(sla: SlaResult, benchmark: string): TestCase {
  const base = { className: `${benchmark}.${sla.set}`, name: sla.text, line: sla.line };
  const note = sla.note ?? '';
  const value = `measured ${measured(sla.actual, sla.unit)}, limit ${sla.comparison} ${measured(sla.limit, sla.unit)}`;
  const detail = [`${baseName(sla.file)}:${sla.line}:${sla.column}`, value, interval(sla.ci, sla.unit), note]
    .filter((line) => line !== '')
    .join('\n');
  switch (sla.verdict) {
    case 'met':
      return base;
    case 'breached':
      return { ...base, result: { kind: 'failure', message: `${sla.text}: ${value}`, detail } };
    case 'undecided':
    case 'unmeasured':
      return { ...base, result: { kind: 'skipped', message: `${sla.verdict}: ${note}`, detail } };
  }
}

function renderCase({ className, name, line, result }: TestCase, file: string): readonly string[] {
  const head = attributes({ classname: className, name, file, ...(line === undefined ? {} : { line }), time: 0 });
  if (result === undefined) return [`    <testcase ${head}/>`];
  const { kind, message, detail } = result;
  const type = kind === 'skipped' ? '' : ` ${attributes({ type: kind === 'error' ? 'measurement' : 'sla' })}`;
  return [
    `    <testcase ${head}>`,
    `      <${kind} ${attributes({ message })}${type}>${escapeXml(detail)}</${kind}>`,
    '    </testcase>',
  ];
}

function seconds(durationMs: number): number {
  return Math.round(durationMs) / 1000;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escapeXml(String(value)).replace(/"/g, '&quot;').replace(/\s/g, ' ')}"`)
    .join(' ');
}

/** What XML 1.0 cannot hold even escaped (control characters, lone surrogates, U+FFFE and U+FFFF) is replaced, so that the file can be read. */
function escapeXml(text: string): string {
  return (
    text
      .toWellFormed()
      // oxlint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
  );
}
