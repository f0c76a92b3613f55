/** A conversation under way: its next turn is made from what the model really answered to those before. */
import type { RequestRecord } from '../../contract/outcome.ts';
import type { Prompt, Session } from '../datasets/dataset.ts';

export interface SessionUnderWay {
  /** Number of the request that began it, or would have. */
  readonly number: number;
  /** The turn that is next, from 1. */
  readonly turn: number;
  /** Of the next turn. */
  prompt(): Prompt;
  /** The turn is over. Returns how long the user thinks before the next one, ms; `undefined`: there is none. */
  goOn(record: Pick<RequestRecord, 'outcome'>, answer: string | undefined): number | undefined;
}

export function beginSession(session: Session, number: number): SessionUnderWay {
  const answers: string[] = [];
  let turn = 1;
  return {
    number,
    get turn() {
      return turn;
    },
    prompt: () => session.promptAt(turn, answers),
    goOn({ outcome }, answer) {
      // Nobody asks on where no answer came: the conversation ends, and its record says at which turn.
      if (outcome !== 'ok' || turn >= session.turns) return undefined;
      answers.push(answer ?? '');
      turn += 1;
      return session.thinkMs(turn);
    },
  };
}

/** Requests of a schedule have numbers of their own; later turns of what they began stand beyond all of those, readable by people. */
const TURN_STRIDE = 1_000_000_000;
/** Conversations that the warm-up began, and that go on in a measured stage, have their numbers from here on. */
const FROM_WARMUP = TURN_STRIDE / 2;

/** Whether a request of this number is one that the schedule has: no later turn. */
export function isOnSchedule(id: number): boolean {
  return id < FROM_WARMUP && id > -FROM_WARMUP;
}

/** Number of a later turn in an open loop: turn 3 of what request 17 began is 2000000017. */
export function turnId(first: number, turn: number, isWarmup: boolean): number {
  if (isWarmup) return first - (turn - 1) * TURN_STRIDE;
  return (first >= 0 ? first : FROM_WARMUP - first) + (turn - 1) * TURN_STRIDE;
}
