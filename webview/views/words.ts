/** One word, one icon and one tone for each state the dashboard tells: never colour alone. */
import type { RunOutcome, SlaVerdict, ValidityVerdict } from '../../src/contract/report.ts';
import type { DashboardState } from '../store.ts';
import type { IconName } from './icons.ts';

export interface StateWord {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: 'good' | 'bad' | 'unsure' | 'quiet' | 'busy';
}

export const SLA_WORDS: Readonly<Record<SlaVerdict, StateWord>> = {
  met: { word: 'Met', icon: 'check', tone: 'good' },
  breached: { word: 'Breached', icon: 'cross', tone: 'bad' },
  undecided: { word: 'Undecided', icon: 'question', tone: 'unsure' },
  unmeasured: { word: 'Not measured', icon: 'dash', tone: 'quiet' },
};

export const NOT_YET: StateWord = { word: 'Not yet', icon: 'dash', tone: 'quiet' };

export const VALIDITY_WORDS: Readonly<Record<ValidityVerdict, StateWord>> = {
  valid: { word: 'Valid', icon: 'check', tone: 'good' },
  suspect: { word: 'Suspect', icon: 'warning', tone: 'unsure' },
  invalid: { word: 'Invalid', icon: 'cross', tone: 'bad' },
};

const OUTCOME_WORDS: Readonly<Record<RunOutcome, StateWord>> = {
  passed: { word: 'Passed', icon: 'check', tone: 'good' },
  failed: { word: 'Failed', icon: 'cross', tone: 'bad' },
  undecided: { word: 'Undecided', icon: 'question', tone: 'unsure' },
  aborted: { word: 'Ended early', icon: 'stop', tone: 'unsure' },
  error: { word: 'Error', icon: 'warning', tone: 'bad' },
};

export function runWord(state: DashboardState): StateWord {
  switch (state.phase) {
    case 'empty':
      return { word: 'No run', icon: 'dash', tone: 'quiet' };
    case 'starting':
      return { word: 'Starting', icon: 'hourglass', tone: 'busy' };
    case 'running':
      return state.latest?.stage.kind === 'warmup'
        ? { word: 'Warming up', icon: 'pulse', tone: 'busy' }
        : { word: 'Running', icon: 'pulse', tone: 'busy' };
    case 'stopping':
      return { word: 'Stopping', icon: 'drain', tone: 'busy' };
    case 'ended':
      // Figures of an overloaded generator prove nothing, whatever they say.
      return state.ending?.validity.verdict === 'invalid'
        ? VALIDITY_WORDS.invalid
        : OUTCOME_WORDS[state.ending?.outcome ?? 'error'];
    case 'lost':
      return { word: 'Not completed', icon: 'warning', tone: 'bad' };
  }
}
