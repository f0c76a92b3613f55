/** report.md: what one would paste into a pull request or a wiki. */
import { describeBudget } from '../../contract/describe-budget.ts';
import { describeCalibration } from '../../contract/describe-calibration.ts';
import { describeResume } from '../../contract/describe-resume.ts';
import { METRICS } from '../../contract/metrics.ts';
import { RESULT_FILES } from '../../contract/record.ts';
import { isSample, type ReportData } from '../../contract/report.ts';
import {
  arrivalRate,
  baseName,
  clock,
  counted,
  describeChange,
  describeSessions,
  droppedWords,
  headline,
  interval,
  isSupported,
  measured,
  turnName,
  VALIDITY_WORDS,
  VERDICT_MARKS,
} from './words.ts';
import type { RenderReport } from './report-format.ts';

export const renderMarkdown: RenderReport = ({ report }) => [{ name: RESULT_FILES.markdown, text: render(report) }];

type Section = readonly string[];

function render(report: ReportData): string {
  const sections: readonly Section[] = [
    head(report),
    slaSection(report),
    latencySection(report),
    loadSection(report),
    partSection(report),
    sessionSection(report),
    failureSection(report),
    findingSection(report),
    measurementSection(report),
    environmentSection(report),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

function head(report: ReportData): Section {
  const { run, requests, backend } = report;
  const { word, sentence } = headline(report);
  const model = backend.model === undefined ? '' : `, ${escape(backend.model)}`;
  return [
    `## ${escape(run.benchmark)}: ${word}`,
    '',
    `${sentence} ${run.error === undefined ? '' : escape(run.error.message)}`.trim(),
    '',
    `${escape(backend.name)} (${escape(backend.protocol)}${model}), ${counted(requests.due, 'request')} in ${clock(run.durationMs)}, ` +
      `${run.startedAt}, scenario \`${code(baseName(run.file))}\`.`,
    ...(run.resumed ?? []).flatMap((each) => ['', `**Resumed.** ${escape(describeResume(each))}`]),
  ];
}

function slaSection({ sla }: ReportData): Section {
  if (sla.length === 0) return [];
  return [
    '### Service levels',
    '',
    ...table(
      ['', 'Limit', 'Measured', '95 % interval', 'Verdict', 'Why'],
      sla.map((each) => [
        VERDICT_MARKS[each.verdict],
        `\`${code(each.text)}\``,
        measured(each.actual, each.unit),
        interval(each.ci, each.unit),
        each.verdict,
        escape(each.note ?? ''),
      ]),
      'clrrll',
    ),
  ];
}

const LATENCIES = ['ttft', 'ttftIntended', 'ttfa', 'tpot', 'itl', 'e2e', 'e2eIntended'];
const COLUMNS = ['count', 'mean', 'p50', 'p90', 'p95', 'p99', 'p999', 'max'] as const;

function latencySection({ metrics }: ReportData): Section {
  const rows = LATENCIES.flatMap((key) => {
    const summary = metrics[key];
    const metric = METRICS.find((each) => each.key === key);
    if (metric === undefined || !isSample(summary)) return [];
    const cell = (column: (typeof COLUMNS)[number]): string =>
      column === 'count'
        ? measured(summary.count, '')
        : `${isSupported(summary, column) ? '' : '≈ '}${measured(summary[column], summary.unit)}`;
    return [[`${metric.title} (\`${metric.id}\`)`, ...COLUMNS.map(cell)]];
  });
  if (rows.length === 0) return [];
  const hasUnsupported = rows.some((row) => row.some((cell) => cell.startsWith('≈')));
  return [
    '### Latency',
    '',
    ...table(['', ...COLUMNS.map((column) => (column === 'p999' ? 'p99.9' : column))], rows, 'lrrrrrrrr'),
    ...(hasUnsupported ? ['', '≈ the sample is too small to bound this percentile with 95 % confidence.'] : []),
  ];
}

function loadSection({ stages, metrics, requests, sessions, budget }: ReportData): Section {
  const value = (table: ReportData['metrics'], key: string): string => {
    const entry = table[key];
    return entry === undefined || isSample(entry) ? '–' : measured(entry.value, entry.unit);
  };
  const rows = stages.map((stage) => [
    escape(stage.name),
    [
      stage.asked.users === undefined
        ? arrivalRate(stage.asked.ratePerSecond, sessions !== undefined)
        : counted(stage.asked.users, 'user'),
      ...(stage.asked.changes ?? []).map(describeChange),
    ].join(', '),
    arrivalRate(stage.delivered.ratePerSecond, sessions !== undefined && stage.asked.users === undefined),
    measured(stage.requests.due, ''),
    value(stage.metrics, 'errorRate'),
    value(stage.metrics, 'requestThroughput'),
    value(stage.metrics, 'outputThroughput'),
    `${measured(stage.delivered.concurrencyMean, '')} / ${measured(stage.delivered.concurrencyPeak, '')}`,
  ]);
  const total = [
    '**all**',
    '',
    '',
    measured(requests.due, ''),
    value(metrics, 'errorRate'),
    value(metrics, 'requestThroughput'),
    value(metrics, 'outputThroughput'),
    value(metrics, 'concurrency'),
  ];
  return [
    '### Load',
    '',
    ...table(
      ['Stage', 'Asked', 'Delivered', 'Requests', 'Errors', 'Succeeded', 'Output', 'In flight mean / peak'],
      [...rows, ...(rows.length > 1 ? [total] : [])],
      'lrrrrrrr',
    ),
    ...(requests.dropped > 0 ? ['', `${droppedWords(requests.dropped)}.`] : []),
    ...(budget === undefined ? [] : ['', `Budget: ${describeBudget(budget).join(', ')}.`]),
  ];
}

function partSection({ parts }: ReportData): Section {
  if (parts === undefined) return [];
  return [
    '### Parts of the mix',
    '',
    ...table(
      ['Dataset', 'Weight', 'Requests', 'Succeeded', 'Failed', 'TTFT p50', 'TTFT p95', 'E2E p50', 'E2E p95'],
      parts.map((each) => [
        escape(each.dataset),
        measured(each.weightRatio, 'ratio'),
        measured(each.requests, ''),
        measured(each.succeeded, ''),
        measured(each.failed, ''),
        measured(each.ttftMsP50, 'ms'),
        measured(each.ttftMsP95, 'ms'),
        measured(each.e2eMsP50, 'ms'),
        measured(each.e2eMsP95, 'ms'),
      ]),
      'lrrrrrrrr',
    ),
  ];
}

function sessionSection({ sessions }: ReportData): Section {
  if (sessions === undefined) return [];
  return [
    '### Conversations',
    '',
    describeSessions(sessions),
    '',
    ...table(
      ['Turn', 'Requests', 'Succeeded', 'Input tokens, mean', 'TTFT p50', 'TTFT p95'],
      sessions.byTurn.map((each) => [
        turnName(each),
        measured(each.requests, ''),
        measured(each.succeeded, ''),
        measured(each.inputTokensMean, ''),
        measured(each.ttftMsP50, 'ms'),
        measured(each.ttftMsP95, 'ms'),
      ]),
      'lrrrrr',
    ),
  ];
}

function failureSection({ failures = [] }: ReportData): Section {
  if (failures.length === 0) return [];
  return [
    '### Failures',
    '',
    ...table(
      ['Reason', 'Class', 'Requests', 'First', 'In its own words'],
      failures.map((each) => [
        `\`${code(each.reason)}\``,
        each.class,
        measured(each.count, ''),
        clock(each.firstAtMs),
        each.detail === undefined ? '' : `\`${code(each.detail)}\``,
      ]),
      'llrrl',
    ),
  ];
}

function findingSection({ findings }: ReportData): Section {
  if (findings.length === 0) return [];
  return [
    '### Findings',
    '',
    ...findings.flatMap(({ severity, title, evidence, advice }) => [
      `- **${severity}: ${escape(title)}** ${escape(evidence.join(' '))}`,
      ...[...advice.now, ...advice.next, ...advice.later].map((line) => `  - ${escape(line)}`),
    ]),
  ];
}

function measurementSection({ validity }: ReportData): Section {
  return [
    '### Measurement',
    '',
    `**${validity.verdict}**: ${VALIDITY_WORDS[validity.verdict]}`,
    ...validity.reasons.map(
      ({ severity, code: reason, message }) => `- ${severity} (\`${reason}\`): ${escape(message)}`,
    ),
    ...(validity.calibration === undefined ? [] : ['', escape(describeCalibration(validity.calibration))]),
  ];
}

function environmentSection({ environment, run, dataset, backend }: ReportData): Section {
  const facts = [
    `Load from ${escape(environment.hostname)}: ${escape(environment.cpu)} × ${environment.cpuCount}, ${measured(environment.memoryBytes, 'bytes')}, ${escape(environment.os)}, Node ${escape(environment.node)}, Benchwright ${escape(run.version)}, ${counted(run.workers, 'worker')}`,
    `Engine ${escape(backend.url ?? '')} ${escape(environment.engine?.server ?? '')}`.trim(),
    `Dataset ${escape(dataset.name)} (${escape(dataset.source)}), seed ${run.seed}`,
    ...Object.entries(run.params).map(([name, value]) => `\`${code(name)}\` = \`${code(value)}\``),
  ];
  return ['<details><summary>Environment</summary>', '', ...facts.map((fact) => `- ${fact}`), '', '</details>'];
}

/** `align` has a letter per column: l, r or c. */
function table(header: readonly string[], rows: readonly (readonly string[])[], align: string): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rules: Readonly<Record<string, string>> = { l: ':--', r: '--:', c: ':-:' };
  return [line(header), line([...align].map((each) => rules[each] ?? '---')), ...rows.map(line)];
}

/** Text that came from a server or a scenario stays text: no markup, no table cell of its own, no mention of anybody. */
function escape(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]|~#]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '@\u200b');
}

/** Inside a code span: nothing is markup there but a backtick, and a bar would end the table's cell. */
function code(text: string): string {
  return oneLine(text).replace(/`/g, 'ˋ').replace(/\|/g, '\\|');
}

function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\s\u0000-\u001f\u007f]+/g, ' ').trim();
}
