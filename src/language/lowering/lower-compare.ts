import { DEFAULT_ALPHA_RATIO, type ComparedPlan, type ComparePlan } from '../../contract/study-plan.ts';
import { isSide, type Compare, type Side } from '../ast.ts';
import { Settings } from '../schema/settings.ts';
import { Environment } from '../values/evaluate.ts';
import { lowerHead, lowerRun, type StudyOrigin } from './lower-run.ts';
import { defined, locationOf, Lowering } from './lowering.ts';

export function lowerCompare(compare: Compare, origin: StudyOrigin): ComparePlan | undefined {
  const sides = compare.items.filter(isSide);
  const baseline = sides.filter(({ role }) => role === 'baseline').map((side) => lowerSide(side, origin))[0];
  const candidates = sides.filter(({ role }) => role === 'candidate').map((side) => lowerSide(side, origin));
  const known = candidates.filter((candidate) => candidate !== undefined);
  if (baseline === undefined || known.length === 0 || known.length < candidates.length) return undefined;
  const lowering = new Lowering(new Environment(origin.bindings), origin.parse);
  return defined<ComparePlan>({
    ...lowerHead(compare, 'compare', origin),
    alphaRatio: lowering.number(new Settings(compare.items).get('alpha')) ?? DEFAULT_ALPHA_RATIO,
    baseline,
    candidates: known,
  });
}

function lowerSide(side: Side, origin: StudyOrigin): ComparedPlan | undefined {
  const benchmark = side.benchmark?.ref;
  const backend = side.backend?.ref;
  const plan = benchmark === undefined ? undefined : lowerRun(benchmark, origin, { backend });
  if (benchmark === undefined || plan === undefined) return undefined;
  const label = backend === undefined ? benchmark.name : `${benchmark.name} on ${backend.name}`;
  return { label, plan, location: locationOf(side) };
}
