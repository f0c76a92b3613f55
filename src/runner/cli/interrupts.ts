/**
 * Ctrl-C and its kin as steps: the first stops a run in order, the second cuts it, the third leaves at once. Under the launcher
 * (cli.ts) one Ctrl-C may arrive twice, as a signal and as the launcher's message: the larger of both counts is what was pressed.
 */
import { INTERRUPT_MESSAGE } from './launcher-message.ts';

export type InterruptStep = 'stop' | 'abort' | 'leave';

/** What is listened to: a Node process, or a test's emitter. */
export interface SignalSource {
  on(event: string, listener: (...details: unknown[]) => void): unknown;
  off(event: string, listener: (...details: unknown[]) => void): unknown;
}

const STEPS: readonly InterruptStep[] = ['stop', 'abort', 'leave'];

/** Calls `onStep` as signals arrive; `isAlone` once the launcher is gone. Returns a function that stops listening. */
export function listenToInterrupts(
  source: SignalSource,
  onStep: (step: InterruptStep, isAlone: boolean) => void,
): () => void {
  const counts = { direct: 0, launcher: 0 };
  let taken = 0;
  let isAlone = false;
  const advance = (to: number): void => {
    for (; taken < to; taken++) onStep(STEPS[Math.min(taken, STEPS.length - 1)] ?? 'leave', isAlone);
  };
  const interrupted = (via: keyof typeof counts): void => {
    counts[via] += 1;
    advance(Math.max(counts.direct, counts.launcher));
  };
  /** Somebody ends us, or is gone: no time for draining. Said twice, it leaves. */
  const terminated = (via: keyof typeof counts, atLeast = counts[via] + 1): void => {
    counts[via] = Math.max(counts[via], atLeast, 2);
    taken = Math.max(taken, 1);
    advance(Math.max(counts.direct, counts.launcher));
  };
  const handlers: Readonly<Record<string, (...details: unknown[]) => void>> = {
    SIGINT: () => interrupted('direct'),
    SIGTERM: () => terminated('direct'),
    SIGHUP: () => terminated('direct'),
    message: (message) => {
      const signal = (message as Record<string, unknown> | null)?.[INTERRUPT_MESSAGE];
      if (signal === 'SIGINT') interrupted('launcher');
      else if (signal === 'SIGTERM' || signal === 'SIGHUP') terminated('launcher');
    },
    disconnect() {
      isAlone = true;
      terminated('launcher', 2);
    },
  };
  for (const [event, handler] of Object.entries(handlers)) source.on(event, handler);
  return () => {
    for (const [event, handler] of Object.entries(handlers)) source.off(event, handler);
  };
}
