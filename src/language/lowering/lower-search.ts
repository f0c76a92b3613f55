/** A search: between which values, until how close, and what one of its runs looks like. */
import {
  mostSearchRuns,
  withRate,
  withUsers,
  type SearchPlan,
  type SearchVariable,
} from '../../contract/study-plan.ts';
import type { LoadPlan, LoadShape, RunPlan, StageEnd, StagePlan } from '../../contract/plan.ts';
import { isFind, type Search } from '../ast.ts';
import { Settings } from '../schema/settings.ts';
import { Environment } from '../values/evaluate.ts';
import { lowerHead, lowerRun, type StudyOrigin } from './lower-run.ts';
import { defined, locationOf, Lowering } from './lowering.ts';

/** What a search may turn. */
export const SEARCHED: readonly SearchVariable[] = ['rate', 'users'];
export const DEFAULT_TOLERANCE_RATIO = 0.05;
/** How long a run of the search lasts where neither it nor the benchmark says so. */
export const DEFAULT_PROBE_MS = 60_000;

export function lowerSearch(search: Search, origin: StudyOrigin): SearchPlan | undefined {
  const find = search.items.findLast(isFind);
  const benchmark = search.benchmark?.ref;
  const lowering = new Lowering(new Environment(origin.bindings), origin.parse);
  const variable = SEARCHED.find((each) => each === find?.subject);
  if (find === undefined || benchmark === undefined || variable === undefined) return undefined;
  const dimension = variable === 'rate' ? 'rate' : 'count';
  const range = lowering.coerce(find.range, { kind: 'range', dimension }) as { min: number; max: number } | undefined;
  const slas = find.slas.flatMap(({ ref }) => ref ?? []);
  const plan = lowerRun(benchmark, origin, { slas });
  if (range === undefined || plan === undefined || (find.goal !== 'max' && find.goal !== 'min')) return undefined;
  const eachMs = lowering.quantity(new Settings(search.items).get('each')?.value, 'duration');
  const location = locationOf(search, 'name');
  const load = probeLoad(plan.load, variable, eachMs, location);
  const probe = { ...plan, load, uses: plan.uses.filter((feature) => isUsedBy(load, feature)) };
  const bounds = {
    variable,
    low: range.min,
    high: range.max,
    toleranceRatio: lowering.quantity(find.within, 'ratio') ?? DEFAULT_TOLERANCE_RATIO,
  };
  return defined<SearchPlan>({
    ...lowerHead(search, 'search', origin),
    benchmark: benchmark.name,
    goal: find.goal,
    ...bounds,
    meeting: slas.map(({ name }) => name),
    probe: variable === 'rate' ? withRate(probe, range.min) : withUsers(probe, range.min),
    mostRuns: mostSearchRuns(bounds),
  });
}

/** One stage: the benchmark's first of the kind searched, held steady. */
function probeLoad(
  load: LoadPlan,
  variable: SearchVariable,
  eachMs: number | undefined,
  location: RunPlan['source']['location'],
): LoadPlan {
  const kind = variable === 'rate' ? 'open' : 'closed';
  const model = load.stages.find(({ shape }) => shape.kind === kind);
  const until: StageEnd =
    eachMs === undefined
      ? (model?.until ?? { kind: 'time', durationMs: DEFAULT_PROBE_MS })
      : { kind: 'time', durationMs: eachMs };
  const stage: StagePlan = {
    name: variable,
    shape: model?.shape ?? DEFAULT_SHAPES[variable],
    until,
    location: model?.location ?? location,
  };
  return { ...load, stages: [stage] };
}

/** What only the stages that were left out needed is not needed any more. */
function isUsedBy({ stages }: LoadPlan, feature: string): boolean {
  if (feature === 'arrivals.gamma')
    return stages.some(({ shape }) => shape.kind === 'open' && shape.arrivals.kind === 'gamma');
  return feature !== 'replay' && !feature.startsWith('stage.');
}

const DEFAULT_SHAPES: Readonly<Record<SearchVariable, LoadShape>> = {
  rate: { kind: 'open', arrivals: { kind: 'poisson' }, rate: { kind: 'flat', ratePerSecond: 1 } },
  users: { kind: 'closed', users: 1 },
};
