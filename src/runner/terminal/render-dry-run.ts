/** `--dry-run`: what a plan would do, before anything is sent. */
import { describeLoad, describeStageEnd } from '../../contract/describe-load.ts';
import { describePlan, type PlanDescription } from '../../contract/describe-plan.ts';
import { findReport } from '../../contract/catalog/reports.ts';
import { RESULT_FILES } from '../../contract/record.ts';
import type { RunPlan } from '../../contract/plan.ts';
import { fit, padEnd, table, widthOf, wrap } from './layout.ts';
import { counted, quantity } from './words.ts';
import type { Style } from './style.ts';

export interface DryRunOptions {
  readonly columns: number;
  readonly style: Style;
  readonly showPath: (path: string) => string;
  /** The directory in which the result's own directory would be made. */
  readonly resultsDirectory: string;
}

const LABEL_COLUMNS = 13;
/** Of a longer load the first and the last stages are shown. */
const SHOWN_STAGES = 16;
const FEWEST_BAR_COLUMNS = 6;

export function renderDryRun(plan: RunPlan, options: DryRunOptions): readonly string[] {
  const { style, columns } = options;
  const description = describePlan(plan);
  const line = (label: string, text: string): string[] =>
    wrap(text, columns - LABEL_COLUMNS).map(
      (each, index) => style.dim(padEnd(index === 0 ? label : '', LABEL_COLUMNS)) + each,
    );
  return [
    `${style.bold(plan.benchmark)}  ${style.accent('dry run: nothing is sent')}`,
    ...(plan.doc === undefined ? [] : [style.dim(plan.doc)]),
    '',
    ...line('on', backendText(plan)),
    ...line('send', datasetText(plan, description)),
    '',
    ...timeline(plan, description, options),
    '',
    ...line('time', timeText(plan, description)),
    ...line('requests', requestsText(plan, description)),
    ...line('tokens', tokensText(plan, description)),
    ...line('in flight', concurrencyText(plan, description)),
    ...line('cost', costText(plan, description)),
    '',
    ...line(
      'limits',
      plan.slas.length === 0 ? 'none: the run measures and judges nothing' : (plan.slas[0]?.text ?? ''),
    ),
    ...plan.slas.slice(1).flatMap((sla) => line('', sla.text)),
    ...line(
      'watch',
      plan.monitors.length === 0
        ? 'nothing'
        : plan.monitors
            .map((each) => `${each.name} (${each.source}) every ${quantity(each.everyMs, 'duration')}`)
            .join(', '),
    ),
    '',
    ...line('files', `${options.showPath(options.resultsDirectory)}/<UTC time>-${plan.benchmark}/`),
    ...line('', fileList(plan).join('  ')),
  ].map((each) => each.trimEnd());
}

function backendText({ backend }: RunPlan): string {
  const where = backend.url ?? 'started for the run, on this machine';
  const model = backend.model === undefined ? '' : `, model ${backend.model}`;
  const key = backend.key === undefined ? '' : `, key from secret ${backend.key.name}`;
  return `${backend.name} (${backend.protocol}): ${where}${model}${key}`;
}

function datasetText({ dataset }: RunPlan, description: PlanDescription): string {
  const lengths = [
    description.inputTokensMean === undefined ? undefined : `${quantity(description.inputTokensMean, 'tokens')} in`,
    description.outputTokensMean === undefined ? undefined : `${quantity(description.outputTokensMean, 'tokens')} out`,
  ].filter((each) => each !== undefined);
  return `${dataset.name} (${dataset.source})${lengths.length === 0 ? '' : `: ${lengths.join(', ')} on average`}`;
}

/** One row per stage: name, a bar where the stage lies in time, its load, its end, its requests. */
function timeline(plan: RunPlan, description: PlanDescription, { columns, style }: DryRunOptions): readonly string[] {
  const rows = [...warmupRows(plan), ...stageRows(plan, description)];
  const cells = rows.map((row) => [row.name, row.load, row.end, style.dim(row.requests)]);
  const textColumns = Math.max(...table(cells, { alignRight: [], indent: 2 }).map(widthOf));
  const room = Math.min(30, columns - textColumns - 2);
  const barColumns = room < FEWEST_BAR_COLUMNS ? 0 : room;
  const totalMs = description.stages.reduce((sum, stage) => sum + (stage.durationMs ?? 0), 0);
  const withBars = rows.map((row, index) => {
    const [name = '', ...rest] = cells[index] ?? [];
    if (barColumns === 0) return [name, ...rest];
    return [name, style.accent(ganttBar(row.beforeMs, row.durationMs, totalMs, barColumns)), ...rest];
  });
  const left = withBars.length - SHOWN_STAGES;
  const shown =
    left <= 0
      ? withBars
      : [...withBars.slice(0, SHOWN_STAGES - 4), [style.dim(`… ${left + 1} more`)], ...withBars.slice(-3)];
  return table(shown, { alignRight: [], indent: 2 }).map((line) => fit(line, columns));
}

interface StageRow {
  readonly name: string;
  readonly load: string;
  readonly end: string;
  readonly requests: string;
  /** Where its bar begins; absent: it has none. */
  readonly beforeMs?: number;
  readonly durationMs?: number;
}

function warmupRows({ load: { warmup } }: RunPlan): readonly StageRow[] {
  if (warmup === undefined) return [];
  const load = warmup.ratePerSecond === undefined ? 'as the first stage' : quantity(warmup.ratePerSecond, 'rate');
  return [{ name: 'warm-up', load, end: describeStageEnd(warmup.until), requests: 'not counted' }];
}

function stageRows(plan: RunPlan, description: PlanDescription): readonly StageRow[] {
  let beforeMs = 0;
  return plan.load.stages.map((stage, index) => {
    const { durationMs, requests } = description.stages[index] ?? {};
    const isCounted = stage.until.kind === 'requests' || requests === undefined;
    const row = {
      name: stage.name,
      load: describeLoad(stage.shape),
      end: describeStageEnd(stage.until),
      requests: isCounted ? '' : `~${counted(requests, 'request')}`,
      beforeMs,
      ...(durationMs === undefined ? {} : { durationMs }),
    };
    beforeMs += durationMs ?? 0;
    return row;
  });
}

function ganttBar(
  beforeMs: number | undefined,
  durationMs: number | undefined,
  totalMs: number,
  columns: number,
): string {
  if (beforeMs === undefined) return ' '.repeat(columns);
  if (durationMs === undefined || totalMs === 0) return '·'.repeat(columns);
  const from = Math.min(columns - 1, Math.floor((beforeMs / totalMs) * columns));
  const to = Math.max(from + 1, Math.round(((beforeMs + durationMs) / totalMs) * columns));
  return ' '.repeat(from) + '█'.repeat(to - from) + ' '.repeat(columns - to);
}

function timeText({ load, repeat }: RunPlan, { durationMs }: PlanDescription): string {
  const drain = `, then up to ${quantity(load.drainMs, 'duration')} for requests still running`;
  const times = repeat > 1 ? `${repeat} times ` : '';
  return durationMs === undefined
    ? 'depends on the server: a stage ends by its requests'
    : `${times}${quantity(durationMs, 'duration')}${load.warmup?.until.kind === 'requests' ? ' and the warm-up' : ''}${drain}`;
}

function requestsText({ load, repeat }: RunPlan, { requests }: PlanDescription): string {
  const measured =
    requests === undefined
      ? 'as many as the server answers in the time'
      : `about ${counted(requests * repeat, 'request')} measured`;
  const warmup = load.warmup?.until.kind === 'requests' ? `, ${load.warmup.until.requests} before that to warm up` : '';
  return measured + warmup;
}

function tokensText({ repeat }: RunPlan, description: PlanDescription): string {
  const { inputTokensTotal, outputTokensTotal } = description;
  if (inputTokensTotal === undefined && outputTokensTotal === undefined) return 'not known beforehand';
  const part = (total: number | undefined, word: string): string =>
    total === undefined
      ? `${word} not known beforehand`
      : `about ${quantity(Math.round(total * repeat), 'tokens')} ${word}`;
  return `${part(inputTokensTotal, 'in')}, ${part(outputTokensTotal, 'out')}`;
}

function concurrencyText({ load, backend }: RunPlan, { stages, requestMsMean }: PlanDescription): string {
  const known = stages.map((stage) => stage.concurrency).filter((each) => each !== undefined);
  const limit = load.inFlightLimit === undefined ? 'no limit set' : `limit ${quantity(load.inFlightLimit, 'count')}`;
  if (known.length === 0) return `depends on how fast ${backend.name} answers (rate × time per request); ${limit}`;
  const because =
    requestMsMean === undefined ? '' : `, as a request takes about ${quantity(requestMsMean, 'duration')}`;
  return `about ${quantity(Math.max(...known), 'count')} at the peak${because}; ${limit}`;
}

function costText({ backend, repeat }: RunPlan, { costUsd, costCeilingUsd }: PlanDescription): string {
  if (costUsd === undefined)
    return backend.price === undefined ? `not known: ${backend.name} has no price` : 'depends on the answers';
  const ceiling = costCeilingUsd === undefined ? '' : `, at most ${quantity(costCeilingUsd * repeat, 'money')}`;
  return `about ${quantity(costUsd * repeat, 'money')}${ceiling}`;
}

function fileList({ report }: RunPlan): readonly string[] {
  const reports = report.formats.flatMap((id) =>
    id === 'csv' ? [RESULT_FILES.summaryCsv, RESULT_FILES.seriesCsv] : (findReport(id)?.file ?? []),
  );
  const record = [
    RESULT_FILES.requests,
    RESULT_FILES.monitors,
    RESULT_FILES.events,
    RESULT_FILES.plan,
    RESULT_FILES.log,
  ];
  return [...reports, ...record];
}
