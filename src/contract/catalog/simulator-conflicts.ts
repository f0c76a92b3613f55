/** Options of the simulator that cannot be together: said of a file while it is written, and of a command line when it is given. */

export interface SimulatorConflict {
  /** A sentence. */
  readonly problem: string;
  readonly remedy: string;
}

const FAULTS = [
  'fault-429',
  'fault-500',
  'fault-503',
  'fault-reset',
  'fault-cut',
  'fault-stall',
  'fault-slow-headers',
  'fault-malformed',
  'fault-no-done',
  'fault-stream-error',
] as const;

/**
 * @param valueOf Of an option by its name in the language, in base units, with its default; `undefined` where it has none and is not set.
 */
export function findSimulatorConflict(
  valueOf: (option: string) => number | undefined,
  isBatching: boolean,
): SimulatorConflict | undefined {
  const shares = FAULTS.reduce((sum, fault) => sum + (valueOf(fault) ?? 0), 0);
  // A hair more than exact: shares such as 10 % are no binary fractions.
  if (shares > 1 + 1e-9)
    return {
      problem: `The shares of the simulator's faults add up to ${Math.round(shares * 1_000) / 10} %: a request has one fault at most.`,
      remedy: 'Lower some of them.',
    };
  return isBatching ? findBatchingConflict((option) => valueOf(option) ?? 0) : undefined;
}

function findBatchingConflict(valueOf: (option: string) => number): SimulatorConflict | undefined {
  if (valueOf('step') + valueOf('step-per-sequence') <= 0)
    return {
      problem: 'An engine step that takes no time never lets anybody else have a turn.',
      remedy: 'Give `step` a time.',
    };
  const [batched, sequences] = [valueOf('max-num-batched-tokens'), valueOf('max-num-seqs')];
  if (batched < sequences)
    return {
      problem: `max-num-batched-tokens (${batched}) is below max-num-seqs (${sequences}): each running sequence takes one token of a step.`,
      remedy: 'Raise the one or lower the other.',
    };
  const [cache, block, longest] = [valueOf('kv-cache'), valueOf('block-size'), valueOf('max-model-len')];
  const usable = Math.floor(cache / block) * block;
  if (longest > usable)
    return {
      problem: `max-model-len (${longest} tokens) is more than the KV cache holds (${usable} tokens in whole blocks): such a request could never be computed.`,
      remedy: 'Raise `kv-cache` or lower `max-model-len`.',
    };
  return undefined;
}
