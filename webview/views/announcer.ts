/** What a screen reader is told while a run goes on: at once when the state changes, else at most every 15 s. */
import { rateText } from './rate.ts';
import { SLA_WORDS, runWord } from './words.ts';
import type { DashboardState } from '../store.ts';

const QUIET_MS = 15_000;

export class Announcer {
  #text = '';
  #stateKey = '';
  #saidAtMs = Number.NEGATIVE_INFINITY;

  /** The text of the live region now. */
  text(state: DashboardState, nowMs: number): string {
    const stateKey = `${state.runId} ${runWord(state).word} ${breaches(state).length} ${rateFactor(state) ?? ''}`;
    if (stateKey === this.#stateKey && nowMs - this.#saidAtMs < QUIET_MS) return this.#text;
    this.#stateKey = stateKey;
    this.#saidAtMs = nowMs;
    this.#text = describe(state);
    return this.#text;
  }
}

function describe(state: DashboardState): string {
  if (state.header === undefined) return '';
  const percent = state.latest === undefined ? '' : `, ${Math.round(state.latest.progressRatio * 100)} %`;
  const isOver = state.phase === 'ended' || state.phase === 'lost';
  const factor = rateFactor(state);
  const rate = factor === undefined ? '' : `, rate ${rateText(factor)} of the plan`;
  const breached = breaches(state);
  const sla = breached.length === 0 ? '' : `. ${SLA_WORDS.breached.word}: ${breached.join(', ')}`;
  const error = state.error ?? state.ending?.error;
  return `${state.header.benchmark}: ${runWord(state).word}${isOver ? '' : percent + rate}${sla}${error === undefined ? '' : `. ${error.message}`}`;
}

/** Where it is not the plan's. */
function rateFactor({ latest }: DashboardState): number | undefined {
  return latest?.rateFactor;
}

function breaches(state: DashboardState): readonly string[] {
  if (state.ending !== undefined)
    return state.ending.sla.filter((sla) => sla.verdict === 'breached').map((sla) => sla.text);
  return (state.latest?.sla ?? [])
    .filter((sla) => sla.verdict === 'breached')
    .map((sla) => state.header?.slas[sla.index]?.text ?? '');
}
