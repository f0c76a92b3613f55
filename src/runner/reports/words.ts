/** How a report says what happened, the same in every format. */
import { formatMeasured } from '../../contract/format-measured.ts';
import type {
  Interval,
  ReportData,
  SampleSummary,
  SessionReport,
  SlaVerdict,
  ValidityVerdict,
} from '../../contract/report.ts';

/** Significant digits in tables for people; report.json has them all. */
const DIGITS = 4;

export function measured(value: number | undefined | null, unit: string): string {
  return value === undefined || value === null ? '–' : formatMeasured(value, unit, DIGITS);
}

/** `405 … 420 ms`; a bound the sample cannot give is `?`. The unit stands once where both bounds have the same. */
export function interval(ci: Interval | undefined, unit: string): string {
  if (ci === undefined) return '';
  if (ci.lower === undefined && ci.upper === undefined) return 'no bounds';
  const [lower, upper] = [ci.lower, ci.upper].map((bound) => (bound === undefined ? '?' : measured(bound, unit)));
  const shared = unitOf(upper ?? '');
  return `${shared !== '' && unitOf(lower ?? '') === shared ? (lower ?? '').slice(0, -shared.length) : lower} … ${upper}`;
}

/** ` ms` of `420 ms`: everything from the blank on, which no number has within it. */
function unitOf(text: string): string {
  const blank = text.indexOf(' ');
  return blank < 0 ? '' : text.slice(blank);
}

/** A percentile without both bounds is one the sample does not support. */
export function isSupported(summary: SampleSummary, key: string): boolean {
  const ci = summary.ci[key];
  return ci === undefined || (ci.lower !== undefined && ci.upper !== undefined);
}

export function counted(count: number, noun: string): string {
  return `${formatMeasured(count, '', 12)} ${noun}${count === 1 ? '' : 's'}`;
}

export function describeSessions({ begun, completed, brokenOff, unfinished }: SessionReport): string {
  const parts = [
    `${counted(begun, 'conversation')} begun`,
    `${completed} completed`,
    `${brokenOff} broken off by a turn without an answer`,
    `${unfinished} not over when the load ended`,
  ];
  return `${parts.join(', ')}.`;
}

export function turnName({ turn, andLater }: SessionReport['byTurn'][number]): string {
  return andLater === true ? `${turn} and later` : String(turn);
}

export function droppedWords(dropped: number): string {
  return `${counted(dropped, 'request')} dropped at the limit on flight (\`overload drop\`): never sent, and counted against goodput`;
}

/** In an open loop over conversations an arrival is a conversation. */
export function arrivalRate(ratePerSecond: number | undefined, isOfSessions: boolean): string {
  const text = measured(ratePerSecond, 'req/s');
  return isOfSessions ? text.replace('req/s', 'conversations/s') : text;
}

/** A change of the rate while the run went on, by a stage's own clock. */
export function describeChange({ atMs, factor }: { readonly atMs: number; readonly factor: number }): string {
  return `changed to ${measured(factor, 'ratio')} after ${clock(atMs)}`;
}

/** `0:07`, `12:30`, `1:02:03`. */
export function clock(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  const two = (part: number): string => String(part).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export const VERDICT_MARKS: Readonly<Record<SlaVerdict, string>> = {
  met: '✓',
  breached: '✗',
  undecided: '?',
  unmeasured: '–',
};

/** The verdict in one word and one sentence. An invalid measurement has no verdict on the server. */
export function headline({ run, sla, validity, requests }: ReportData): {
  readonly word: string;
  readonly sentence: string;
  readonly tone: 'good' | 'bad' | 'warning';
} {
  const count = (verdict: SlaVerdict): number => sla.filter((each) => each.verdict === verdict).length;
  /** So many of them, as the subject of a sentence. */
  const ofThem = (number: number): string => (sla.length === 1 ? 'The SLA' : `${number} of ${sla.length} SLAs`);
  if (run.outcome === 'error') return { word: 'Error', sentence: 'The run could not be carried out.', tone: 'bad' };
  if (run.running === true)
    return {
      word: 'Running',
      sentence: 'The run still goes on: figures cover what was measured so far.',
      tone: 'warning',
    };
  if (run.outcome === 'aborted')
    return { word: 'Stopped early', sentence: 'Figures cover what was measured until then.', tone: 'warning' };
  if (validity.verdict === 'invalid')
    return {
      word: 'Invalid',
      sentence: 'The generator, not the server, was the limit: do not use these figures.',
      tone: 'bad',
    };
  if (run.outcome === 'failed')
    return count('breached') === 0
      ? { word: 'Failed', sentence: `None of ${counted(requests.due, 'request')} succeeded.`, tone: 'bad' }
      : {
          word: 'Failed',
          sentence: `${ofThem(count('breached'))} ${count('breached') === 1 ? 'is' : 'are'} breached.`,
          tone: 'bad',
        };
  if (run.outcome === 'undecided')
    return {
      word: 'Undecided',
      sentence: `${ofThem(count('undecided') + count('unmeasured'))} could not be judged${sla.length === 1 ? '' : ', none is breached'}.`,
      tone: 'warning',
    };
  const met =
    sla.length === 0
      ? 'The scenario sets no SLA to meet'
      : sla.length === 1
        ? 'The SLA is met'
        : `All ${sla.length} SLAs are met`;
  const word = sla.length === 0 ? 'Done' : 'Passed';
  return validity.verdict === 'suspect'
    ? { word, sentence: `${met}, but there are doubts about the measurement.`, tone: 'warning' }
    : { word, sentence: `${met}.`, tone: 'good' };
}

export const VALIDITY_WORDS: Readonly<Record<ValidityVerdict, string>> = {
  valid: 'The generator kept up and delivered the load it was asked for: the figures are the server’s.',
  suspect: 'Read the figures with the doubts below.',
  invalid: 'The generator, not the server, was the limit. Do not use these figures.',
};

/** Name of a file on any system, without its folder. */
export function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
