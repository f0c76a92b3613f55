/** A plan explained before anything is sent, as Markdown: what would run, for how long, what it would cost and write. */
import { describeFiles } from '../../contract/describe-files.ts';
import { describeLoad, describeStageEnd } from '../../contract/describe-load.ts';
import { describePlan, type PlanDescription } from '../../contract/describe-plan.ts';
import { loadSparkline, sparklines } from '../../contract/describe-shape.ts';
import type { CompileDiagnostic } from '../../contract/protocol/language.ts';
import type { RunPlan } from '../../contract/plan.ts';
import { formatNumber, formatQuantity, type Dimension } from '../../contract/units.ts';

const UNKNOWN = 'not known beforehand';

export function renderPlan(plan: RunPlan, diagnostics: readonly CompileDiagnostic[] = []): string {
  const description = describePlan(plan);
  return [
    `# ${escape(plan.benchmark)}`,
    `Dry run: nothing is sent.${plan.doc === undefined ? '' : ` ${escape(plan.doc)}`}`,
    section('In short', 'How much', totals(plan, description)),
    `## Stages\n\n${stages(plan, description)}`,
    section('What is measured', 'Which', subject(plan, description)),
    plan.slas.length === 0
      ? '## Service levels\n\nNone: the run measures and judges nothing.'
      : `## Service levels\n\n${plan.slas.map((sla) => `- \`${sla.text}\``).join('\n')}`,
    section('What is written', 'Where', files(plan)),
    ...(diagnostics.length === 0
      ? []
      : [`## Remarks\n\n${diagnostics.map((each) => `- Line ${each.line}: ${escape(each.message)}`).join('\n')}`]),
  ].join('\n\n');
}

type Row = readonly [name: string, value: string];

function totals(plan: RunPlan, description: PlanDescription): readonly Row[] {
  const { load, repeat } = plan;
  const times = (value: number | undefined): number | undefined => (value === undefined ? undefined : value * repeat);
  const drain = `then up to ${quantity(load.drainMs, 'duration')} for requests still in flight`;
  const tokens = (value: number | undefined): string => about(times(value), 'tokens');
  return [
    [
      'Duration',
      description.durationMs === undefined
        ? UNKNOWN
        : `${quantity(times(description.durationMs) ?? 0, 'duration')}, ${drain}`,
    ],
    [
      'Requests',
      description.requests === undefined
        ? 'as many as the server answers in the time'
        : `${about(times(description.requests), 'count')} measured${warmup(description)}`,
    ],
    ['Input tokens', tokens(description.inputTokensTotal)],
    ['Output tokens', tokens(description.outputTokensTotal)],
    ['In flight', concurrency(plan, description)],
    ['Connections', connections(plan, description)],
    [
      'Cost',
      description.costUsd === undefined
        ? `${UNKNOWN}${plan.backend.price === undefined ? `: ${plan.backend.name} has no price` : ''}`
        : `about ${quantity(description.costUsd * repeat, 'money')}${ceiling(plan, description)}`,
    ],
    ...(plan.budget === undefined ? [] : [['Budget', budget(plan.budget)] as const]),
    ...(repeat > 1 ? [['Runs', `${repeat}, for confidence intervals`] as const] : []),
  ];
}

function warmup({ warmupRequests }: PlanDescription): string {
  return warmupRequests === undefined ? '' : `, ${formatNumber(warmupRequests, 12)} before that to warm up`;
}

function ceiling({ repeat }: RunPlan, { costCeilingUsd }: PlanDescription): string {
  return costCeilingUsd === undefined ? '' : `, at most ${quantity(costCeilingUsd * repeat, 'money')}`;
}

function budget({ requests, tokens, costUsd, timeMs }: NonNullable<RunPlan['budget']>): string {
  const parts = [
    requests === undefined ? undefined : quantity(requests, 'requests'),
    tokens === undefined ? undefined : quantity(tokens, 'tokens'),
    costUsd === undefined ? undefined : quantity(costUsd, 'money'),
    timeMs === undefined ? undefined : quantity(timeMs, 'duration'),
  ];
  return `ends the run at ${parts.filter((each) => each !== undefined).join(' or ')}`;
}

function concurrency({ load }: RunPlan, { stages, requestMsMean, requestMsAllowed }: PlanDescription): string {
  const known = stages.flatMap((stage) => stage.concurrency ?? []);
  const because =
    requestMsMean !== undefined
      ? `, as a request takes about ${quantity(requestMsMean, 'duration')}`
      : requestMsAllowed === undefined
        ? ''
        : `, if a request takes ${quantity(requestMsAllowed.ms, 'duration')} as ${requestMsAllowed.text} allows`;
  const expected =
    known.length === 0
      ? 'depends on how fast the server answers'
      : `about ${quantity(Math.max(...known), 'count')} at the peak${because}`;
  const limit =
    load.inFlightLimit === undefined
      ? 'no limit'
      : `at most ${load.inFlightLimit}, beyond it requests ${load.overload}`;
  return `${expected}; ${limit}`;
}

function connections({ backend }: RunPlan, { connections: known }: PlanDescription): string {
  const where = backend.url === undefined ? '' : ` to ${URL.parse(backend.url)?.host ?? backend.url}`;
  if (known === undefined) return `one${where} for each request in flight`;
  const most = known.high > known.expected ? `, up to ${quantity(known.high, 'count')} by chance` : '';
  return `about ${quantity(known.expected, 'count')}${where} at the peak${most}; one for each request in flight`;
}

/** The timeline: when each stage begins, how its rate goes, and what comes of it. */
function stages(plan: RunPlan, description: PlanDescription): string {
  const { warmup: before } = plan.load;
  const warmupRows =
    before === undefined
      ? []
      : [
          [
            'warm-up',
            clock(0),
            '',
            before.ratePerSecond === undefined ? 'as the first stage' : quantity(before.ratePerSecond, 'rate'),
            describeStageEnd(before.until),
            'not counted',
            '',
          ],
        ];
  const drawn = plan.load.stages.map(({ shape }, index) => ({
    shape,
    durationMs: description.stages[index]?.durationMs,
  }));
  const shapes = sparklines(
    drawn,
    drawn.map(() => SHAPE_COLUMNS),
  );
  const rows = plan.load.stages.map((stage, index) => {
    const { startMs, requests, concurrency: inFlight } = description.stages[index] ?? {};
    return [
      stage.name,
      startMs === undefined ? 'then' : clock(startMs),
      shapes[index] ?? '',
      describeLoad(stage.shape),
      describeStageEnd(stage.until),
      about(requests, 'count'),
      inFlight === undefined ? '–' : quantity(inFlight, 'count'),
    ];
  });
  const whole = plan.load.stages.length > 1 ? `\`${loadSparkline(drawn, LOAD_COLUMNS)}\`\n\n` : '';
  return whole + table(['Stage', 'From', 'Shape', 'Load', 'For', 'Requests', 'In flight'], [...warmupRows, ...rows]);
}

const SHAPE_COLUMNS = 8;
const LOAD_COLUMNS = 60;

/** `0:00`, `12:30`, `1:02:03` since the run's begin. */
function clock(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const two = (part: number): string => String(part).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function subject({ backend, dataset, monitors }: RunPlan, description: PlanDescription): readonly Row[] {
  const lengths = [
    description.inputTokensMean === undefined ? undefined : `${quantity(description.inputTokensMean, 'tokens')} in`,
    description.outputTokensMean === undefined ? undefined : `${quantity(description.outputTokensMean, 'tokens')} out`,
  ].filter((each) => each !== undefined);
  return [
    ['Backend', `${backend.name} (${backend.protocol}), ${backend.url ?? 'started for the run, on this machine'}`],
    ...(backend.model === undefined ? [] : [['Model', backend.model] as const]),
    ...(backend.key === undefined ? [] : [['Key', `the secret ${backend.key.name}`] as const]),
    [
      'Dataset',
      `${dataset.name} (${dataset.source})${lengths.length === 0 ? '' : `, ${lengths.join(' and ')} on average`}`,
    ],
    [
      'Monitors',
      monitors.length === 0
        ? 'none'
        : monitors
            .map((each) => `${each.name} (${each.source}), every ${quantity(each.everyMs, 'duration')}`)
            .join('; '),
    ],
  ];
}

function files({ report, source, benchmark }: RunPlan): readonly Row[] {
  const folder = `${report.directory ?? `${source.file}.results`}/<UTC time>-${benchmark}/`;
  const { reports, record } = describeFiles({ report });
  return [
    ['Folder', folder],
    ['Reports', reports.join(', ')],
    ['Record', record.join(', ')],
  ];
}

function about(value: number | undefined, dimension: Dimension): string {
  if (value === undefined) return UNKNOWN;
  return dimension === 'count' ? `about ${formatNumber(value, 12)}` : `about ${quantity(Math.round(value), dimension)}`;
}

function quantity(value: number, dimension: Dimension): string {
  return formatQuantity(value, dimension, dimension === 'tokens' ? 12 : 3);
}

/** The table has a head, because an empty one shows as an empty row. */
function section(title: string, values: string, rows: readonly Row[]): string {
  return `## ${title}\n\n${table(['What', values], rows)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escape).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- ').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Names come from files that somebody else may have written: they stay text. */
function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|!~]/g, '\\$&').replace(/[\r\n\t ]+/g, ' ');
}
