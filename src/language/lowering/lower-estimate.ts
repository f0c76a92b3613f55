import type { EstimatePlan } from '../../contract/study-plan.ts';
import type { Estimate } from '../ast.ts';
import { Settings } from '../schema/settings.ts';
import { Environment } from '../values/evaluate.ts';
import { lowerHead, type StudyOrigin } from './lower-run.ts';
import { listOf } from './lower-profile.ts';
import { defined, Lowering } from './lowering.ts';

const OPERATIONS_PER_TERAFLOP = 1e12;

/** Settings without which there is nothing to estimate. */
export const ESTIMATE_NEEDS = [
  'parameters',
  'layers',
  'hidden',
  'heads',
  'memory',
  'memory-bandwidth',
  'tflops',
] as const;

export function lowerEstimate(estimate: Estimate, origin: StudyOrigin): EstimatePlan | undefined {
  const settings = new Settings(estimate.block?.entries ?? []);
  const lowering = new Lowering(new Environment(origin.bindings), origin.parse);
  if (ESTIMATE_NEEDS.some((name) => !settings.has(name))) return undefined;
  const number = (name: string, otherwise = 0): number => lowering.number(settings.get(name)) ?? otherwise;
  const attentionHeads = number('heads');
  const users = listOf(lowering.evaluate(settings.get('users')?.value)).map(({ value }) => value);
  return defined<EstimatePlan>({
    ...lowerHead(estimate, 'estimate', origin),
    model: {
      parameters: number('parameters'),
      layers: number('layers'),
      hiddenSize: number('hidden'),
      attentionHeads,
      keyValueHeads: number('kv-heads', attentionHeads),
      weightBits: number('weight-bits', 16),
      cacheBits: number('cache-bits', 16),
    },
    hardware: defined<EstimatePlan['hardware']>({
      gpus: number('gpus', 1),
      memoryBytes: lowering.quantity(settings.get('memory')?.value, 'bytes') ?? 0,
      memoryBytesPerSecond: lowering.quantity(settings.get('memory-bandwidth')?.value, 'bandwidth') ?? 0,
      operationsPerSecond: number('tflops') * OPERATIONS_PER_TERAFLOP,
      usdPerGpuHour: lowering.quantity(settings.get('gpu-hour')?.value, 'money'),
    }),
    inputTokens: lowering.quantity(settings.get('input')?.value, 'tokens') ?? 1_024,
    outputTokens: lowering.quantity(settings.get('output')?.value, 'tokens') ?? 128,
    users: users.length === 0 ? [1] : users,
    measured: lowering.coerce(settings.get('measured')?.value, { kind: 'file', extensions: ['json'] }) as
      string | undefined,
  });
}
