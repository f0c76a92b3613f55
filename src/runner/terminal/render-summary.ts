/** The last words on a run: each limit with what was measured, the figures, the run's verdict on itself, where the report is. */
import { describeBudget } from '../../contract/describe-budget.ts';
import { describeCalibration } from '../../contract/describe-calibration.ts';
import type { RunFinished } from '../../contract/protocol/runner.ts';
import type { MetricTable, SampleSummary, SlaResult } from '../../contract/report.ts';
import { isSample } from '../../contract/report.ts';
import { describeOutcome } from '../../contract/describe-outcome.ts';
import { describeResume } from '../../contract/describe-resume.ts';
import { METRICS } from '../../contract/metrics.ts';
import { RESULT_FILES } from '../../contract/record.ts';
import { padEnd, table, widthOf, wrap } from './layout.ts';
import { renderError } from './render-error.ts';
import { partLines } from './render-parts.ts';
import { clock, inUnit, interval, quantity, reasonList, validityPaint, VERDICT_MARKS } from './words.ts';
import type { Paint, Style } from './style.ts';

/** Columns of the words that begin a line of figures. */
const LABEL_COLUMNS = 12;

export interface SummaryOptions {
  readonly benchmark: string;
  readonly columns: number;
  readonly style: Style;
  /** How a path is shown, e.g. relative to the working directory. */
  readonly showPath: (path: string) => string;
}

export function renderSummary(finished: RunFinished, options: SummaryOptions): readonly string[] {
  const { style } = options;
  return [
    headline(finished, options),
    ...section(endLines(finished, options)),
    ...section((finished.resumed ?? []).flatMap((each) => wrap(describeResume(each), options.columns))),
    ...section(slaLines(finished.sla, options)),
    ...section(latencyLines(finished.metrics, style)),
    ...section(countLines(finished, options)),
    ...section(partLines(finished.parts ?? [], options)),
    ...section(validityLines(finished, options)),
    '',
    `Report  ${options.showPath(finished.files['html'] ?? finished.files['json'] ?? finished.directory)}`,
    style.dim(`Record  ${RESULT_FILES.requests}, in the same directory`),
  ].map((line) => line.trimEnd());
}

function headline(finished: RunFinished, { benchmark, columns, style }: SummaryOptions): string {
  const said = `${style.bold(benchmark)}  ${style.bold(outcomePaint(finished, style)(outcomeWords(finished)))}`;
  const after = style.dim(`  after ${clock(finished.durationMs)}`);
  return widthOf(said + after) <= columns ? said + after : said;
}

/** Why it ended early. Somebody who stopped it needs no alarm. */
function endLines({ error, outcome }: RunFinished, options: SummaryOptions): readonly string[] {
  if (error === undefined) return [];
  return outcome === 'aborted' ? wrap(error.message, options.columns) : renderError(error, options);
}

function outcomeWords(finished: RunFinished): string {
  const { outcome, sla, requests } = finished;
  if (outcome === 'error' && requests.sent === 0) return 'COULD NOT BE CARRIED OUT';
  const [word = '', ...rest] = describeOutcome(outcome, sla, isInvalid(finished) ? 'invalid' : 'valid').split(': ');
  return [word.toUpperCase(), ...rest].join(': ');
}

function outcomePaint(finished: RunFinished, style: Style): Paint {
  if (isInvalid(finished)) return style.bad;
  return { passed: style.good, failed: style.bad, undecided: style.warning, aborted: style.warning, error: style.bad }[
    finished.outcome
  ];
}

function isInvalid({ validity, outcome }: RunFinished): boolean {
  return validity.verdict === 'invalid' && outcome !== 'error' && outcome !== 'aborted';
}

function slaLines(slas: readonly SlaResult[], { columns, style }: SummaryOptions): readonly string[] {
  const rows = slas.map((sla) => {
    const { mark, paint } = VERDICT_MARKS[sla.verdict];
    const measured = style[paint](inUnit(sla.actual, sla.unit));
    const ci = sla.ci === undefined ? '' : style.dim(`95 % CI ${interval(sla.ci, sla.unit)}`);
    return [`${style[paint](mark)} ${sla.text}`, measured, sla.verdict === 'met' ? '' : style[paint](sla.verdict), ci];
  });
  const lines = table(rows, { alignRight: [false, true, false, false] });
  return slas.flatMap((sla, index) => [
    lines[index] ?? '',
    ...(sla.note === undefined || sla.verdict === 'met'
      ? []
      : wrap(sla.note, columns - 4).map((line) => style.dim(`    ${line}`))),
  ]);
}

const SHOWN_SAMPLES = ['ttft', 'ttftIntended', 'ttfa', 'itl', 'tpot', 'e2e', 'e2eIntended'];
const COLUMNS = ['p50', 'p95', 'p99', 'mean', 'max'] as const;

function latencyLines(metrics: MetricTable, style: Style): readonly string[] {
  const rows = SHOWN_SAMPLES.filter((key) => !isRepeat(key, metrics)).flatMap((key) => {
    const value = metrics[key];
    const metric = METRICS.find((each) => each.key === key);
    if (metric === undefined || !isSample(value)) return [];
    return [[metric.title, ...COLUMNS.map((column) => sampleCell(value, column))]];
  });
  if (rows.length === 0) return [];
  const [head, ...body] = table([['', ...COLUMNS], ...rows], { alignRight: [false, true, true, true, true, true] });
  const isAnyUnsupported = rows.some((row) => row.some((cell) => cell.startsWith(UNSUPPORTED)));
  return [
    style.dim(head ?? ''),
    ...body,
    ...(isAnyUnsupported ? [style.dim(`${UNSUPPORTED} too few values to say how far off this percentile may be`)] : []),
  ];
}

const UNSUPPORTED = '≈';

/** A percentile whose interval the sample cannot bound is marked, not printed as if it were known. */
function sampleCell(value: SampleSummary, column: (typeof COLUMNS)[number]): string {
  const ci = value.ci[column];
  const isUnsupported =
    column.startsWith('p') && ci !== undefined && (ci.lower === undefined || ci.upper === undefined);
  return `${isUnsupported ? UNSUPPORTED : ''}${inUnit(value[column], value.unit)}`;
}

/** Without reasoning the first answer token is the first token: one line says both. */
function isRepeat(key: string, metrics: MetricTable): boolean {
  const [answer, first] = [metrics['ttfa'], metrics['ttft']];
  return key === 'ttfa' && isSample(answer) && isSample(first) && answer.p50 === first.p50 && answer.p99 === first.p99;
}

function countLines({ requests, metrics, budget }: RunFinished, { columns, style }: SummaryOptions): readonly string[] {
  const also = (count: number, words: string): string[] =>
    count === 0 ? [] : [`${quantity(count, 'count')} ${words}`];
  const counts = [
    `${quantity(requests.due, 'count')} due`,
    `${quantity(requests.succeeded, 'count')} succeeded`,
    ...also(requests.failed, 'failed'),
    ...also(requests.timedOut, 'timed out'),
    ...also(requests.dropped, 'dropped'),
    ...also(requests.abandoned, 'abandoned'),
    ...also(requests.censored, 'cut before their end'),
  ];
  const window = (key: string, prefix = ''): string[] => {
    const value = metrics[key];
    return value === undefined || isSample(value) ? [] : [`${prefix}${inUnit(value.value, value.unit)}`];
  };
  const rates = [
    ...window('requestThroughput'),
    ...window('outputThroughput', 'out '),
    ...window('goodput', 'goodput '),
  ];
  const row = (label: string, parts: readonly string[], paint: Paint = (text) => text): string[] =>
    parts.length === 0
      ? []
      : wrap(parts.join(', '), columns - LABEL_COLUMNS).map(
          (line, index) => padEnd(index === 0 ? label : '', LABEL_COLUMNS) + paint(line),
        );
  return [
    ...row('Requests', counts),
    ...row('Errors', reasonList(requests.byReason), style.bad),
    ...row('Throughput', rates),
    ...row(
      'Budget',
      budget === undefined ? [] : describeBudget(budget),
      budget?.spent === undefined ? undefined : style.warning,
    ),
  ];
}

function validityLines(finished: RunFinished, { columns, style }: SummaryOptions): readonly string[] {
  const { verdict, reasons, calibration } = finished.validity;
  const explanation = {
    valid: "the generator kept up; the figures are the server's",
    suspect: 'read the figures with these doubts',
    invalid: 'do not use these figures',
  }[verdict];
  return [
    `Measurement  ${validityPaint(style, verdict)(verdict)}: ${explanation}`,
    ...reasons.flatMap((reason) => wrap(`- ${reason.message}`, columns - 2, '  ').map((line) => `  ${line}`)),
    ...(calibration === undefined
      ? []
      : wrap(describeCalibration(calibration), columns - 2).map((line) => `  ${style.dim(line)}`)),
  ];
}

function section(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}
