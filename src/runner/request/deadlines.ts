/**
 * Ends what takes too long, with one timer for all requests of a thread. Deadlines move with every token, so none is
 * scheduled: when the timer fires, each request is asked for its present one, and the timer is set to the earliest.
 */
import type { CancelTimer, Clock } from '../platform/clock.ts';

export interface Expiring {
  /** The earliest instant at which it has to end, as things stand. */
  deadlineMs(): number;
  /** It is past. May remove itself from the set being watched. */
  expire(): void;
  /** Scratch of the watch: the deadline that was found past at the look before. */
  overdueMs: number | undefined;
}

/** Looks are at least this far apart, so that thousands of staggered deadlines cannot keep the thread busy. */
const MIN_LOOK_GAP_MS = 1;
const MANY = 1000;
const MIN_LOOK_GAP_MS_WHEN_MANY = 5;

export class DeadlineWatch {
  private readonly clock: Clock;
  private readonly watched: Iterable<Expiring> & { readonly size: number };
  private readonly bringUpToDate: () => void;
  private nextLookMs = Number.POSITIVE_INFINITY;
  private cancelTimer: CancelTimer | undefined;

  /** @param bringUpToDate Called before a look: afterwards deadlines know of everything that was read. */
  constructor(
    clock: Clock,
    watched: Iterable<Expiring> & { readonly size: number },
    bringUpToDate: () => void = () => {},
  ) {
    this.clock = clock;
    this.watched = watched;
    this.bringUpToDate = bringUpToDate;
  }

  /** There is a deadline that the present timer does not know of. Deadlines that moved away need not be told. */
  mention(deadlineMs: number): void {
    if (deadlineMs >= this.nextLookMs) return;
    this.cancelTimer?.();
    this.nextLookMs = deadlineMs;
    this.cancelTimer = this.clock.after(deadlineMs - this.clock.nowMs(), () => this.look());
  }

  dispose(): void {
    this.cancelTimer?.();
    this.nextLookMs = Number.NEGATIVE_INFINITY;
  }

  private look(): void {
    this.bringUpToDate();
    const nowMs = this.clock.nowMs();
    this.nextLookMs = Number.POSITIVE_INFINITY;
    let earliestMs = Number.POSITIVE_INFINITY;
    let overdue: Expiring[] | undefined;
    for (const each of this.watched) {
      const deadlineMs = each.deadlineMs();
      if (deadlineMs > nowMs) {
        if (deadlineMs < earliestMs) earliestMs = deadlineMs;
      } else if (each.overdueMs === deadlineMs) {
        (overdue ??= []).push(each);
      } else {
        // Timers run before sockets are read. If this thread was held up, the bytes that would have been in time are
        // still waiting in the kernel: they get read before the second look.
        each.overdueMs = deadlineMs;
        earliestMs = nowMs;
      }
    }
    for (const each of overdue ?? []) each.expire();
    if (earliestMs === Number.POSITIVE_INFINITY) return;
    const gapMs = this.watched.size > MANY ? MIN_LOOK_GAP_MS_WHEN_MANY : MIN_LOOK_GAP_MS;
    this.mention(Math.max(earliestMs, nowMs + gapMs));
  }
}
