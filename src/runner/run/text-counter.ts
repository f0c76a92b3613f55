/** Counts tokens of whole texts for the load workers, on the main thread and in short slices, so that the record goes on being written. */
import type { Clock } from '../platform/clock.ts';

export interface TextCounter {
  /** Counts in the order of asking. */
  count(texts: readonly string[]): Promise<readonly number[]>;
}

const SLICE_MS = 10;

export function createTextCounter(parts: {
  readonly countTokens: (text: string) => number;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly nextTurn: () => Promise<void>;
}): TextCounter {
  const { countTokens, clock, nextTurn } = parts;
  let last: Promise<unknown> = Promise.resolve();
  const countNow = async (texts: readonly string[]): Promise<readonly number[]> => {
    const tokens: number[] = [];
    let sliceMs = clock.nowMs();
    for (const text of texts) {
      tokens.push(countTokens(text));
      if (clock.nowMs() - sliceMs < SLICE_MS) continue;
      await nextTurn();
      sliceMs = clock.nowMs();
    }
    return tokens;
  };
  return {
    count(texts) {
      const counted = last.then(() => countNow(texts));
      last = counted.catch(() => {});
      return counted;
    },
  };
}
