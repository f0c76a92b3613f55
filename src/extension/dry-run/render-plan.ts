/** A plan explained before anything is sent, as Markdown: what would run, for how long, what it would cost and write. */
import { findReport } from '../../contract/catalog/reports.ts';
import { describeLoad, describeStageEnd } from '../../contract/describe-load.ts';
import { describePlan, type PlanDescription } from '../../contract/describe-plan.ts';
import type { CompileDiagnostic } from '../../contract/protocol/language.ts';
import type { RunPlan } from '../../contract/plan.ts';
import { RESULT_FILES } from '../../contract/record.ts';
import { formatNumber, formatQuantity, type Dimension } from '../../contract/units.ts';

const UNKNOWN = 'not known beforehand';

export function renderPlan(plan: RunPlan, diagnostics: readonly CompileDiagnostic[] = []): string {
  const description = describePlan(plan);
  return [
    `# ${escape(plan.benchmark)}`,
    `Dry run: nothing is sent.${plan.doc === undefined ? '' : ` ${escape(plan.doc)}`}`,
    section('In short', totals(plan, description)),
    `## Stages\n\n${stages(plan, description)}`,
    section('What is measured', subject(plan, description)),
    plan.slas.length === 0
      ? '## Service levels\n\nNone: the run measures and judges nothing.'
      : `## Service levels\n\n${plan.slas.map((sla) => `- \`${sla.text}\``).join('\n')}`,
    section('What is written', files(plan)),
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
        : `${about(times(description.requests), 'count')} measured`,
    ],
    ['Input tokens', tokens(description.inputTokensTotal)],
    ['Output tokens', tokens(description.outputTokensTotal)],
    ['In flight', concurrency(plan, description)],
    [
      'Cost',
      description.costUsd === undefined
        ? `${UNKNOWN}${plan.backend.price === undefined ? `: ${plan.backend.name} has no price` : ''}`
        : `about ${quantity(description.costUsd * repeat, 'money')}`,
    ],
    ...(repeat > 1 ? [['Runs', `${repeat}, for confidence intervals`] as const] : []),
  ];
}

function concurrency({ load }: RunPlan, { stages }: PlanDescription): string {
  const known = stages.flatMap((stage) => stage.concurrency ?? []);
  const expected =
    known.length === 0
      ? 'depends on how fast the server answers'
      : `about ${quantity(Math.max(...known), 'count')} at the peak`;
  const limit =
    load.inFlightLimit === undefined
      ? 'no limit'
      : `at most ${load.inFlightLimit}, beyond it requests ${load.overload}`;
  return `${expected}; ${limit}`;
}

function stages(plan: RunPlan, description: PlanDescription): string {
  const { warmup } = plan.load;
  const warmupRows =
    warmup === undefined
      ? []
      : [
          [
            'warm-up',
            warmup.ratePerSecond === undefined ? 'as the first stage' : quantity(warmup.ratePerSecond, 'rate'),
            describeStageEnd(warmup.until),
            'not counted',
          ],
        ];
  const rows = plan.load.stages.map((stage, index) => [
    stage.name,
    describeLoad(stage.shape),
    describeStageEnd(stage.until),
    about(description.stages[index]?.requests, 'count'),
  ]);
  return table(['Stage', 'Load', 'For', 'Requests'], [...warmupRows, ...rows]);
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

function section(title: string, rows: readonly Row[]): string {
  return `## ${title}\n\n${table(['', ''], rows)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escape).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- ').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Names come from files that somebody else may have written: they stay text. */
function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|!~]/g, '\\$&').replace(/[\r\n\t ]+/g, ' ');
}
