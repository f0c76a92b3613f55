/**
 * The users of closed-loop phases that live in this worker. User number u lives in worker u mod workers; each sends, waits for the
 * answer, thinks, sends again. Users go on from one phase to the next with the request they have in flight: nobody starts anew.
 */
import { meanOf, type Distribution } from '../../contract/distribution.ts';
import { FAILURE_REASONS, type RequestRecord } from '../../contract/outcome.ts';
import type { Alarm } from '../platform/alarm.ts';
import type { Clock } from '../platform/clock.ts';
import { createRandom, sampleDistribution, type Random } from '../platform/random.ts';
import type { RequestJob } from '../request/request-client.ts';
import { factorAt } from '../pacing/rate-changes.ts';
import type { SessionUnderWay } from './sessions.ts';
import { isWarmupPhase, requestsOf, type ClosedPhase } from './phases.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { SharedLoad } from './shared-load.ts';

export interface UsersParts {
  readonly clock: Clock;
  readonly alarm: Alarm;
  readonly shared: SharedLoad;
  readonly worker: number;
  readonly workers: number;
  readonly seed: number;
  /** Makes the phase's request of this number: the session's next turn where the load is one of sessions. */
  readonly prepare: (
    phase: ClosedPhase,
    number: number,
    dueMs: number,
    session: SessionUnderWay | undefined,
  ) => RequestJob;
  /** Begins the phase's next session; absent where requests stand alone. */
  readonly beginSession?: (phase: ClosedPhase) => SessionUnderWay;
  readonly dispatch: Dispatcher['dispatch'];
}

export interface Users {
  /** The phase is about to begin: the first requests of users who have nothing to do are made, one in a turn. */
  makeReady(phase: ClosedPhase, startMs: number): void;
  /** The phase begins now: users who have nothing to do send their first request. */
  enter(phase: ClosedPhase, startMs: number): void;
  /** Nobody sends any more until the next `enter`. */
  leave(): void;
  /** The rate was changed at this moment: as many users come or go. */
  rateChanged(atMs: number): void;
}

/**
 * A user whose connection was refused, or whose request was dropped at the limit, does not try again at once: thousands of refusals a
 * second would measure nothing and fill the record. Answers that fail (429, 500, a broken stream) are answers: the user goes on.
 */
const REFUSED_PAUSE_MS = 100;

interface User {
  readonly number: number;
  readonly random: Random;
  isIdle: boolean;
  /** Made ahead of the phase's start. */
  first: { readonly phase: ClosedPhase; readonly job: RequestJob } | undefined;
  /** What it is in the middle of, also from one phase to the next. */
  session: SessionUnderWay | undefined;
}

export function createUsers(parts: UsersParts): Users {
  const { clock, alarm, shared, worker, workers, seed, prepare, dispatch } = parts;
  const users: User[] = [];
  let current: { readonly phase: ClosedPhase; readonly startMs: number } | undefined;

  const countOf = (phase: ClosedPhase, atMs: number): number => usersAt(phase, factorAt(shared.rateChanges, atMs));
  const isIn = (user: User, phase: ClosedPhase): boolean => user.number < countOf(phase, clock.nowMs());
  /** Users of this worker that the phase has. */
  const usersOf = (phase: ClosedPhase, atMs: number): readonly User[] => {
    const count = countOf(phase, atMs);
    for (let number = worker + users.length * workers; number < count; number += workers)
      users.push({
        number,
        random: createRandom(seed, 'think', number),
        isIdle: true,
        first: undefined,
        session: undefined,
      });
    return users.filter((user) => user.number < count);
  };
  const ready = (user: User, dueMs: number): void => {
    user.isIdle = true;
    if (current === undefined || !isIn(user, current.phase)) return;
    const { phase, startMs } = current;
    const endMs = shared.startOf(phase.index + 1);
    if (endMs !== undefined && dueMs >= endMs) return;
    // Free a moment before the phase began and told a moment after: the request is this phase's.
    const job = takeFirst(user, phase) ?? makeJob(user, phase, Math.max(dueMs, startMs));
    if (job === undefined) return endOfTickets(phase);
    user.isIdle = false;
    dispatch(job, phase.index, (record, answer) => onOver(user, phase, record, answer));
  };
  const takeFirst = (user: User, phase: ClosedPhase): RequestJob | undefined => {
    const { first } = user;
    user.first = undefined;
    return first?.phase === phase ? first.job : undefined;
  };
  const makeJob = (user: User, phase: ClosedPhase, dueMs: number): RequestJob | undefined => {
    const ticket = shared.takeTicket(phase.index, requestsOf(phase));
    if (ticket === undefined) return undefined;
    user.session ??= parts.beginSession?.(phase);
    return prepare(phase, ticket, dueMs, user.session);
  };
  const onOver = (user: User, phase: ClosedPhase, record: RequestRecord, answer: string | undefined): void => {
    const freeMs = record.endMs ?? clock.nowMs();
    if (requestsOf(phase) === shared.finishedRequests(phase.index)) shared.setStart(phase.index + 1, freeMs);
    const betweenTurnsMs = user.session?.goOn(record, answer);
    if (betweenTurnsMs === undefined) user.session = undefined;
    const thinkMs = thinkTime((current?.phase ?? phase).shape.thinkMs, user.random) ?? betweenTurnsMs ?? 0;
    const pauseMs = Math.max(thinkMs, isRefused(record) ? REFUSED_PAUSE_MS : 0);
    if (pauseMs <= 0) ready(user, freeMs);
    else alarm.at(freeMs + pauseMs, () => ready(user, freeMs + pauseMs));
  };
  /** All requests of a phase by count are taken: a warm-up is over with that. */
  const endOfTickets = (phase: ClosedPhase): void => {
    if (isWarmupPhase(phase) && phase.until.kind === 'requests') shared.setStart(phase.index + 1, clock.nowMs());
  };

  return {
    makeReady(phase, startMs) {
      const expected = usersOf(phase, startMs);
      const makeNext = (index: number): void => {
        const user = expected[index];
        if (user === undefined || clock.nowMs() >= startMs) return;
        if (user.isIdle && user.first === undefined) {
          const job = makeJob(user, phase, startMs);
          if (job === undefined) return;
          user.first = { phase, job };
        }
        alarm.soon(() => makeNext(index + 1));
      };
      makeNext(0);
    },
    enter(phase, startMs) {
      current = { phase, startMs };
      for (const user of usersOf(phase, startMs)) if (user.isIdle) ready(user, startMs);
    },
    leave() {
      current = undefined;
    },
    rateChanged(atMs) {
      if (current === undefined) return;
      for (const user of usersOf(current.phase, atMs)) if (user.isIdle) ready(user, atMs);
    },
  };
}

/** Users of the phase at this factor: never none. */
export function usersAt({ shape }: ClosedPhase, factor: number): number {
  return Math.max(1, Math.round(shape.users * factor));
}

/** What the stage says; `undefined` where it says nothing. */
function thinkTime(thinkMs: Distribution | undefined, random: Random): number | undefined {
  if (thinkMs === undefined) return undefined;
  if (meanOf(thinkMs) === 0) return 0;
  return Math.max(0, sampleDistribution(thinkMs, random));
}

function isRefused(record: RequestRecord): boolean {
  if (record.outcome === 'dropped') return true;
  const failure = record.reason === undefined ? undefined : FAILURE_REASONS[record.reason].class;
  return failure === 'connection' || failure === 'generator';
}
