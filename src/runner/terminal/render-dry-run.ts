/** `--dry-run`: what a plan would do, before anything is sent. */
import { describeLoad, describeStageEnd } from '../../contract/describe-load.ts';
import { describePlan, type PlanDescription } from '../../contract/describe-plan.ts';
import { describeFiles } from '../../contract/describe-files.ts';
import { sparklines } from '../../contract/describe-shape.ts';
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
  const { style } = options;
  const description = describePlan(plan);
  const files = describeFiles(plan);
  const line = (label: string, text: string): readonly string[] => labelledLines(label, text, options);
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
    ...line('connections', connectionsText(plan, description)),
    ...line('cost', costText(plan, description)),
    ...(plan.budget === undefined ? [] : line('budget', `ends the run at ${budgetText(plan.budget)}`)),
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
    ...line('', [...files.reports, ...files.record].join('  ')),
  ].map((each) => each.trimEnd());
}

export function labelledLines(
  label: string,
  text: string,
  { columns, style }: Pick<DryRunOptions, 'columns' | 'style'>,
): readonly string[] {
  return wrap(text, columns - LABEL_COLUMNS).map(
    (each, index) => style.dim(padEnd(index === 0 ? label : '', LABEL_COLUMNS)) + each,
  );
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
  const bars = barColumns === 0 ? [] : stageBars(plan, description, barColumns);
  const withBars = rows.map((_, index) => {
    const [name = '', ...rest] = cells[index] ?? [];
    if (barColumns === 0) return [name, ...rest];
    return [name, style.accent(bars[index - (rows.length - bars.length)] ?? ' '.repeat(barColumns)), ...rest];
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
}

function warmupRows({ load: { warmup } }: RunPlan): readonly StageRow[] {
  if (warmup === undefined) return [];
  const load = warmup.ratePerSecond === undefined ? 'as the first stage' : quantity(warmup.ratePerSecond, 'rate');
  return [{ name: 'warm-up', load, end: describeStageEnd(warmup.until), requests: 'not counted' }];
}

function stageRows(plan: RunPlan, description: PlanDescription): readonly StageRow[] {
  return plan.load.stages.map((stage, index) => {
    const { requests } = description.stages[index] ?? {};
    const isCounted = stage.until.kind === 'requests' || requests === undefined;
    return {
      name: stage.name,
      load: describeLoad(stage.shape),
      end: describeStageEnd(stage.until),
      requests: isCounted ? '' : `~${counted(requests, 'request')}`,
    };
  });
}

/** Where each stage lies in the time of all, drawn as its rate goes. */
function stageBars({ load }: RunPlan, { stages }: PlanDescription, columns: number): readonly string[] {
  const totalMs = stages.reduce((sum, stage) => sum + (stage.durationMs ?? 0), 0);
  let beforeMs = 0;
  const spans = stages.map(({ durationMs }) => {
    const from = totalMs === 0 ? 0 : Math.min(columns - 1, Math.floor((beforeMs / totalMs) * columns));
    beforeMs += durationMs ?? 0;
    const to = totalMs === 0 ? columns : Math.max(from + 1, Math.round((beforeMs / totalMs) * columns));
    return { from, width: to - from, isKnown: durationMs !== undefined };
  });
  const drawn = load.stages.map(({ shape }, index) => ({ shape, durationMs: stages[index]?.durationMs }));
  const shapes = sparklines(
    drawn,
    spans.map(({ width }) => width),
  );
  return spans.map(({ from, isKnown }, index) =>
    isKnown ? (' '.repeat(from) + (shapes[index] ?? '')).padEnd(columns) : '·'.repeat(columns),
  );
}

function timeText({ load, repeat }: RunPlan, { durationMs }: PlanDescription): string {
  const drain = `, then up to ${quantity(load.drainMs, 'duration')} for requests still running`;
  const times = repeat > 1 ? `${repeat} times ` : '';
  return durationMs === undefined
    ? 'depends on the server: a stage ends by its requests'
    : `${times}${quantity(durationMs, 'duration')}${load.warmup?.until.kind === 'requests' ? ' and the warm-up' : ''}${drain}`;
}

function warmupText({ warmup }: RunPlan['load'], requests: number): string {
  return warmup?.until.kind === 'requests' ? String(requests) : `about ${quantity(requests, 'count')}`;
}

function requestsText({ load, repeat }: RunPlan, { requests, warmupRequests }: PlanDescription): string {
  const measured =
    requests === undefined
      ? 'as many as the server answers in the time'
      : `about ${counted(requests * repeat, 'request')} measured`;
  const before = warmupRequests === undefined ? '' : `, ${warmupText(load, warmupRequests)} before that to warm up`;
  return measured + before;
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

function concurrencyText({ load, backend }: RunPlan, description: PlanDescription): string {
  const { stages, requestMsMean, requestMsAllowed } = description;
  const known = stages.map((stage) => stage.concurrency).filter((each) => each !== undefined);
  const limit = load.inFlightLimit === undefined ? 'no limit set' : `limit ${quantity(load.inFlightLimit, 'count')}`;
  if (known.length === 0) return `depends on how fast ${backend.name} answers (rate × time per request); ${limit}`;
  const because =
    requestMsMean !== undefined
      ? `, as a request takes about ${quantity(requestMsMean, 'duration')}`
      : requestMsAllowed === undefined
        ? ''
        : `, if a request takes ${quantity(requestMsAllowed.ms, 'duration')} as \`${requestMsAllowed.text}\` allows`;
  return `about ${quantity(Math.max(...known), 'count')} at the peak${because}; ${limit}`;
}

function connectionsText({ backend }: RunPlan, { connections }: PlanDescription): string {
  const where = backend.url === undefined ? '' : ` to ${hostOf(backend.url)}`;
  if (connections === undefined) return `one${where} for each in flight`;
  const { expected, high } = connections;
  const most = high > expected ? `, up to ${quantity(high, 'count')} by chance` : '';
  return `about ${quantity(expected, 'count')}${where}${most}`;
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url;
}

function budgetText({ requests, tokens, costUsd, timeMs }: NonNullable<RunPlan['budget']>): string {
  const parts = [
    requests === undefined ? undefined : counted(requests, 'request'),
    tokens === undefined ? undefined : quantity(tokens, 'tokens'),
    costUsd === undefined ? undefined : quantity(costUsd, 'money'),
    timeMs === undefined ? undefined : quantity(timeMs, 'duration'),
  ];
  return parts.filter((each) => each !== undefined).join(' or ');
}

function costText({ backend, repeat }: RunPlan, { costUsd, costCeilingUsd }: PlanDescription): string {
  if (costUsd === undefined)
    return backend.price === undefined ? `not known: ${backend.name} has no price` : 'depends on the answers';
  const ceiling = costCeilingUsd === undefined ? '' : `, at most ${quantity(costCeilingUsd * repeat, 'money')}`;
  return `about ${quantity(costUsd * repeat, 'money')}${ceiling}`;
}
