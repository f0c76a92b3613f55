/** One run of a study: a benchmark with some of its parts, params or settings replaced. */
import type { RunPlan } from '../../contract/plan.ts';
import { STUDY_SCHEMA, type StudyPlan } from '../../contract/study-plan.ts';
import type { Benchmark, Compare, Estimate, Param, Profile, Search, Sweep } from '../ast.ts';
import { docOf } from '../documentation.ts';
import { showParams, type Bindings } from '../values/bindings.ts';
import { Environment } from '../values/evaluate.ts';
import type { ParseValue } from '../values/parse-value.ts';
import { lowerBenchmark } from './lower-benchmark.ts';
import { defined, locationOf, Lowering, type Given } from './lowering.ts';

export type StudyNode = Sweep | Search | Compare | Profile | Estimate;

/** What all runs of a file's studies have in common. */
export interface StudyOrigin extends Pick<RunPlan['source'], 'file' | 'textSha256'> {
  readonly params: readonly Param[];
  /** Of `--set`. */
  readonly bindings: Bindings;
  readonly parse: ParseValue;
}

/** `undefined`: something it needs is missing or wrong. */
export function lowerRun(
  benchmark: Benchmark,
  origin: StudyOrigin,
  given: Given = {},
  params: Bindings = new Map(),
): RunPlan | undefined {
  const environment = new Environment(new Map([...origin.bindings, ...params]));
  const { file, textSha256 } = origin;
  const shown = showParams(origin.params, environment);
  return lowerBenchmark(benchmark, { file, textSha256, params: shown }, new Lowering(environment, origin.parse, given));
}

/** What every study says of itself. */
export function lowerHead<Kind extends StudyPlan['kind']>(
  study: StudyNode,
  kind: Kind,
  { file, textSha256, params, bindings }: StudyOrigin,
): Pick<StudyPlan, 'schema' | 'name' | 'doc' | 'source' | 'params'> & { readonly kind: Kind } {
  return defined({
    schema: STUDY_SCHEMA,
    kind,
    name: study.name,
    doc: docOf(study),
    source: { file, textSha256, location: locationOf(study, 'name') },
    params: showParams(params, new Environment(bindings)),
  });
}
