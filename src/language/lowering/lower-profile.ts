/** A profile: one run for each length of prompt (prefill), or for each number of users and length of context (decode). */
import { findBackend } from '../../contract/catalog/backends.ts';
import { DEFAULT_DRAIN_MS, type RunPlan, type SourceLocation } from '../../contract/plan.ts';
import { PROFILE_DEFAULTS, type ProfilePlan } from '../../contract/study-plan.ts';
import type { Profile } from '../ast.ts';
import { Settings } from '../schema/settings.ts';
import { Environment } from '../values/evaluate.ts';
import { isScalar, type EvaluatedValue, type ScalarValue } from '../values/value.ts';
import { pointsOf } from './designs.ts';
import { lowerHead, lowerRun, type StudyOrigin } from './lower-run.ts';
import { factorPlan, runSetOf } from './lower-sweep.ts';
import { defined, locationOf, Lowering } from './lowering.ts';

/** Requests before each point's measurement: enough for connections and kernels to be there. */
const WARMUP_REQUESTS = 3;

/** Which settings are the factors of each phase. */
export const PROFILE_FACTORS = { prefill: ['input'], decode: ['users', 'context'] } as const;

export function lowerProfile(profile: Profile, origin: StudyOrigin): ProfilePlan | undefined {
  const benchmark = profile.benchmark?.ref;
  const settings = new Settings(profile.block?.entries ?? []);
  const lowering = new Lowering(new Environment(origin.bindings), origin.parse);
  const word = lowering.evaluate(settings.get('phase')?.value);
  const phase = word?.kind === 'word' && (word.word === 'prefill' || word.word === 'decode') ? word.word : undefined;
  const plan = benchmark === undefined ? undefined : lowerRun(benchmark, origin);
  if (benchmark === undefined || phase === undefined || plan === undefined) return undefined;
  const factors = PROFILE_FACTORS[phase].map((name) => {
    const property = settings.get(name);
    const values = listOf(lowering.evaluate(property?.value));
    return { values, plan: factorPlan(name, 'property', values, property ?? profile) };
  });
  if (factors.some(({ values }) => values.length === 0)) return undefined;
  const points = pointsOf(
    'full',
    factors.map(({ values }) => values.length),
  );
  const eachMs = lowering.quantity(settings.get('each')?.value, 'duration') ?? PROFILE_DEFAULTS.eachMs;
  const decoded = lowering.quantity(settings.get('output')?.value, 'tokens') ?? PROFILE_DEFAULTS.outputTokens;
  const location = locationOf(profile, 'name');
  const plans = points.map((point) => {
    const [first = 0, second = 0] = factors.map(({ values }, factor) => values[point[factor] ?? 0]?.value ?? 0);
    return phase === 'prefill'
      ? phasePlan(plan, { users: 1, inputTokens: first, outputTokens: 1, eachMs, location })
      : phasePlan(plan, { users: first, inputTokens: second, outputTokens: decoded, eachMs, location });
  });
  const set = runSetOf(plans, factors, points);
  return set === undefined
    ? undefined
    : defined<ProfilePlan>({
        ...lowerHead(profile, 'profile', origin),
        benchmark: benchmark.name,
        phase,
        factors: factors.map((factor) => factor.plan),
        ...set,
      });
}

export function listOf(value: EvaluatedValue | undefined): ScalarValue[] {
  return (value?.kind === 'list' ? value.items : value === undefined ? [] : [value]).filter(isScalar);
}

interface Phase {
  readonly users: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly eachMs: number;
  readonly location: SourceLocation;
}

/** Prompts of one length that no cache knows, by so many users at once; what the benchmark sends and expects is left out. */
function phasePlan(plan: RunPlan, { users, inputTokens, outputTokens, eachMs, location }: Phase): RunPlan {
  const canIgnoreEos = findBackend(plan.backend.protocol)?.capabilities.ignoreEos === true;
  const sampling = canIgnoreEos ? { ...plan.backend.sampling, ignoreEos: true } : plan.backend.sampling;
  return {
    ...plan,
    backend: { ...plan.backend, sampling },
    dataset: {
      name: 'profile',
      location,
      source: 'random',
      outputTokens: { kind: 'constant', value: outputTokens },
      freshPrefix: true,
      options: { inputTokens: { kind: 'constant', value: inputTokens } },
    },
    load: {
      warmup: { until: { kind: 'requests', requests: WARMUP_REQUESTS }, location },
      stages: [
        { name: 'profile', shape: { kind: 'closed', users }, until: { kind: 'time', durationMs: eachMs }, location },
      ],
      overload: 'queue',
      drainMs: DEFAULT_DRAIN_MS,
    },
    slas: [],
    uses: plan.uses.filter((feature) => isOfServer(feature)),
  };
}

/** What still holds when dataset, load and limits are others. */
function isOfServer(feature: string): boolean {
  return /^(backend\.|monitor|launch$|profile$|tokenizer\.|budget$|repeat$)/.test(feature);
}
