/** `+`, `-` and `0`: the rate of a run that is watched, changed from the keyboard. */
import { steppedFactor, type RateStep } from '../../contract/rate-steps.ts';
import type { RunHandle } from '../run/run.ts';
import type { Keyboard } from '../terminal/keyboard.ts';
import type { ToldRate } from '../terminal/live-state.ts';

/** `=` is the plus key without Shift on many keyboards. */
const STEPS: Readonly<Record<string, RateStep>> = { '+': 'up', '=': 'up', '-': 'down', '0': 'plan' };

/** Returns a function that gives the keyboard back. */
export function listenToRateKeys(
  handle: Pick<RunHandle, 'setRate'>,
  keyboard: Keyboard,
  tell: (rate: ToldRate | undefined) => void,
): () => void {
  let factor = 1;
  return keyboard.listen({
    onHeld: (isHeld) => tell(isHeld ? { factor } : undefined),
    onKey(key) {
      const step = STEPS[key];
      const wanted = step === undefined ? factor : steppedFactor(factor, step);
      if (wanted === factor) return;
      const answer = handle.setRate({ factor: wanted });
      if ('refused' in answer) return tell({ factor, refused: answer.refused });
      factor = answer.factor;
      tell({ factor });
    },
  });
}
