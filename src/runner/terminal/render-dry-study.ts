/** `--dry-run` of a sweep, a search and the like: which runs it would make, how it would choose, and what all of them come to. */
import { describePlan } from '../../contract/describe-plan.ts';
import { describeStudy } from '../../contract/describe-study.ts';
import { joinedFigures, studyFigures, totalFigures } from '../../contract/figures.ts';
import {
  plansOf,
  type ChosenMetric,
  type EstimatePlan,
  type FactorPlan,
  type PointPlan,
  type SearchPlan,
  type StudyPlan,
} from '../../contract/study-plan.ts';
import { fit } from './layout.ts';
import { labelledLines } from './render-dry-run.ts';
import type { Style } from './style.ts';
import { counted, quantity } from './words.ts';

/** Of more runs the first and the last are shown. */
const SHOWN_POINTS = 12;
const LAST_POINTS = 2;

type Fact = readonly [label: string, ...texts: readonly string[]];

export function renderDryStudy(
  study: StudyPlan,
  options: { readonly columns: number; readonly style: Style },
): readonly string[] {
  const { style } = options;
  const about = 'benchmark' in study ? ` of ${study.benchmark}` : '';
  const lines = (facts: readonly Fact[]): string[] =>
    facts.flatMap(([label, ...texts]) =>
      texts.flatMap((text, index) => labelledLines(index === 0 ? label : '', text, options)),
    );
  return [
    fit(
      `${style.bold(study.name)}  ${study.kind}${about}  ${style.accent('dry run: nothing is sent')}`,
      options.columns,
    ),
    ...(study.doc === undefined ? [] : [style.dim(study.doc)]),
    '',
    ...lines(factsOf(study)),
    ...lines(totals(study)),
    '',
    ...labelledLines(
      'now',
      `${study.kind === 'estimate' ? 'an' : 'a'} ${study.kind} is checked and explained; it cannot be run yet`,
      options,
    ),
  ].map((line) => line.trimEnd());
}

function factsOf(study: StudyPlan): readonly Fact[] {
  switch (study.kind) {
    case 'sweep':
      return [
        ...varied(study.factors),
        ['design', DESIGNS[study.design]],
        ...(study.choose === undefined
          ? []
          : [['choose', `${study.choose.goal} ${chosen(study.choose.target)}`] as const]),
        ...meeting(study.meeting),
        ['runs', ...pointTexts(study.points)],
      ];
    case 'search':
      return [
        ['find', `${study.goal} ${study.variable} in ${bound(study, study.low)} … ${bound(study, study.high)}`],
        ['until', `it lies between two values that differ by less than ${quantity(study.toleranceRatio, 'ratio')}`],
        ...meeting(study.meeting),
      ];
    case 'compare':
      return [
        ['baseline', study.baseline.label],
        ['candidates', ...study.candidates.map(({ label }) => label)],
        ['tests', `differences are significant at ${quantity(study.alphaRatio, 'ratio')}`],
      ];
    case 'profile':
      return [['phase', study.phase], ...varied(study.factors), ['runs', ...pointTexts(study.points)]];
    case 'estimate':
      return estimateFacts(study);
  }
}

const DESIGNS = {
  full: 'full: every combination',
  orthogonal: 'orthogonal: an orthogonal array, each pair of values equally often',
  'one-at-a-time': 'one-at-a-time: the first value of each, then each varied by itself',
  progressive: 'progressive: a run is skipped where an easier one did not meet the limits',
} as const;

function varied(factors: readonly FactorPlan[]): readonly Fact[] {
  return factors.length === 0
    ? []
    : [['vary', ...factors.map(({ name, levels }) => `${name}: ${levels.map(({ text }) => text).join(', ')}`)]];
}

function meeting(sets: readonly string[]): readonly Fact[] {
  return [['meeting', sets.length === 0 ? 'every limit of the benchmark' : sets.join(', ')]];
}

function chosen(target: ChosenMetric): string {
  if (target.kind === 'monitor') return `${target.monitor}.${target.series} ${target.statistic}`;
  const { metric, statistic, perGpu } = target;
  return [metric, statistic, perGpu === true ? 'per gpu' : undefined].filter((each) => each !== undefined).join(' ');
}

function bound({ variable }: SearchPlan, value: number): string {
  return variable === 'rate' ? quantity(value, 'rate') : counted(value, 'user');
}

function pointTexts(points: readonly PointPlan[]): readonly string[] {
  const texts = points.map(({ label }, index) => `${index + 1}  ${label}`);
  if (texts.length <= SHOWN_POINTS) return texts;
  const first = SHOWN_POINTS - LAST_POINTS - 1;
  return [...texts.slice(0, first), `… ${texts.length - first - LAST_POINTS} more`, ...texts.slice(-LAST_POINTS)];
}

function estimateFacts({ model, hardware, inputTokens, outputTokens, users, measured }: EstimatePlan): readonly Fact[] {
  return [
    ['model', `${quantity(model.parameters, 'count')} parameters, ${model.weightBits} bit`],
    ['hardware', `${counted(hardware.gpus, 'GPU')} with ${quantity(hardware.memoryBytes, 'bytes')} each`],
    ['requests', `${quantity(inputTokens, 'tokens')} in, ${quantity(outputTokens, 'tokens')} out`],
    ['in flight', users.join(', ')],
    ...(measured === undefined ? [] : [['beside', measured] as const]),
  ];
}

function totals(study: StudyPlan): readonly Fact[] {
  const [first] = plansOf(study);
  if (first === undefined) return [['in all', 'no run: computed from the figures above']];
  const one = joinedFigures(totalFigures(describePlan(first), first.repeat));
  return [
    ['the first', one === '' ? 'not known beforehand' : one],
    ['in all', joinedFigures(studyFigures(describeStudy(study)))],
  ];
}
