/** A study explains itself: how many runs, how long, at what price. For dry runs, hovers and editors' hints. */
import { describePlan } from './describe-plan.ts';
import type { RunPlan } from './plan.ts';
import { plansOf, type StudyPlan } from './study-plan.ts';

export interface StudyDescription {
  /** Runs, repeats included; of a search and of a progressive sweep, at most this many. */
  readonly runs: number;
  readonly isUpperBound: boolean;
  /** All of them one after another, without starting servers and draining; absent if one run's duration is not known beforehand. */
  readonly durationMs?: number;
  readonly requests?: number;
  readonly costUsd?: number;
}

export function describeStudy(study: StudyPlan): StudyDescription {
  const plans = plansOf(study);
  const times = (plan: RunPlan): number => plan.repeat * (study.kind === 'search' ? study.mostRuns : 1);
  const total = (figure: 'durationMs' | 'requests' | 'costUsd'): number | undefined =>
    plans.reduce<number | undefined>((sum, plan) => {
      const one = describePlan(plan)[figure];
      return sum === undefined || one === undefined ? undefined : sum + one * times(plan);
    }, 0);
  const figures = { durationMs: total('durationMs'), requests: total('requests'), costUsd: total('costUsd') };
  return {
    runs: plans.reduce((sum, plan) => sum + times(plan), 0),
    isUpperBound: study.kind === 'search' || (study.kind === 'sweep' && study.design === 'progressive'),
    ...(Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined)) as Partial<
      typeof figures
    >),
  } as StudyDescription;
}
