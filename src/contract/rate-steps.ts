/** How a person changes the load of a run that goes on: in steps of a tenth of what the plan asks for. */
import { RATE_FACTORS } from './protocol/runner.ts';

export const RATE_STEPS = ['up', 'down', 'plan'] as const;
export type RateStep = (typeof RATE_STEPS)[number];

const STEPS_PER_PLAN = 10;
/** 1.1 · 10 is a little more than 11. */
const ROUNDING = 1e-9;

/** The next factor: always a whole number of tenths, so that as many steps down as up lead back. Never zero, which would be no load at all. */
export function steppedFactor(factor: number, step: RateStep): number {
  const tenths = factor * STEPS_PER_PLAN;
  switch (step) {
    case 'up':
      return Math.max(factor, Math.min(RATE_FACTORS.max, (Math.floor(tenths + ROUNDING) + 1) / STEPS_PER_PLAN));
    case 'down':
      return Math.min(factor, Math.max(1 / STEPS_PER_PLAN, (Math.ceil(tenths - ROUNDING) - 1) / STEPS_PER_PLAN));
    case 'plan':
      return 1;
  }
}
