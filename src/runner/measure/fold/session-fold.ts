/** What became of conversations, and how their turns fared: later turns carry more history, and find it in the server's cache or not. */
import type { RequestRecord } from '../../../contract/outcome.ts';
import type { SessionReport } from '../../../contract/report.ts';
import { isWarmup, requestValue } from '../request-value.ts';
import { percentile } from '../statistics/ranked-sample.ts';
import { SampleBuilder } from './sample-builder.ts';

/** Turns shown one by one; what comes after is put together. */
const MOST_TURNS = 10;
const MOST_EXACT_PER_TURN = 5_000;

class TurnFold {
  requests = 0;
  succeeded = 0;
  inputTokens = 0;
  counted = 0;
  readonly ttftMs = new SampleBuilder(MOST_EXACT_PER_TURN);
}

export class SessionFold {
  readonly #turns: TurnFold[] = [];
  readonly #all = { begun: 0, completed: 0, brokenOff: 0 };
  #unfinished = 0;

  add(record: RequestRecord): void {
    const { turn, turns, outcome } = record;
    if (turn === undefined) return;
    const isOver = outcome !== 'ok' || turns === undefined || turn >= turns;
    // Also those that the warm-up began: they go on in the measured stages.
    this.#unfinished += (turn === 1 ? 1 : 0) - (isOver ? 1 : 0);
    if (isWarmup(record)) return;
    if (turn === 1) this.#all.begun++;
    if (outcome !== 'ok') this.#all.brokenOff++;
    else if (isOver) this.#all.completed++;
    this.#turnOf(turn).requests++;
    if (outcome === 'ok') this.#addSuccess(this.#turnOf(turn), record);
  }

  /** `undefined` where the load was not one of conversations. */
  build(): SessionReport | undefined {
    if (this.#turns.length === 0) return undefined;
    return {
      ...this.#all,
      unfinished: Math.max(0, this.#unfinished),
      byTurn: this.#turns.flatMap((each, index) => {
        if (each.requests === 0) return [];
        const ttftMs = each.ttftMs.count === 0 ? undefined : each.ttftMs.build();
        return [
          {
            turn: index + 1,
            ...(index + 1 === MOST_TURNS ? { andLater: true } : {}),
            requests: each.requests,
            succeeded: each.succeeded,
            ...(each.counted === 0 ? {} : { inputTokensMean: each.inputTokens / each.counted }),
            ...(ttftMs === undefined
              ? {}
              : { ttftMsP50: percentile(ttftMs, 0.5), ttftMsP95: percentile(ttftMs, 0.95) }),
          },
        ];
      }),
    };
  }

  #addSuccess(fold: TurnFold, record: RequestRecord): void {
    fold.succeeded++;
    const ttftMs = requestValue(record, 'ttft');
    if (ttftMs !== undefined) fold.ttftMs.add(ttftMs);
    if (record.inputTokens === undefined) return;
    fold.counted++;
    fold.inputTokens += record.inputTokens;
  }

  #turnOf(turn: number): TurnFold {
    const index = Math.min(turn, MOST_TURNS) - 1;
    while (this.#turns.length <= index) this.#turns.push(new TurnFold());
    return this.#turns[index] as TurnFold;
  }
}
