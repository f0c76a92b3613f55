/** What goes wrong on purpose: at most one fault per request, the same for the same request number and seed. */
import type { Distribution } from '../../contract/distribution.ts';
import { createRandom, sampleWhole } from '../platform/random.ts';

export type FaultKind =
  | 'too-many'
  | 'broken'
  | 'unavailable'
  | 'reset'
  | 'cut'
  | 'stall'
  | 'slow-headers'
  | 'malformed'
  | 'no-done'
  | 'stream-error';

export interface FaultOptions {
  /** Share of requests, 0…1; together at most 1. */
  readonly shares: Readonly<Record<FaultKind, number>>;
  readonly retryAfterMs: number;
  readonly cutAfterTokens: Distribution;
  readonly stallMs: number;
  readonly headersAfterMs: number;
}

export interface Fault {
  readonly kind: FaultKind;
  /** Tokens sent before it happens, at least 1, for the kinds that happen within an answer. */
  readonly afterTokens: number;
}

/** What befalls the request with this number; `undefined`: nothing. */
export function drawFault(options: FaultOptions, seed: number, number: number): Fault | undefined {
  const random = createRandom(seed, 'fault', number);
  let rest = random();
  for (const [kind, share] of Object.entries(options.shares)) {
    rest -= share;
    if (rest < 0) return { kind: kind as FaultKind, afterTokens: sampleWhole(options.cutAfterTokens, random, 1) };
  }
  return undefined;
}
