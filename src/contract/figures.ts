/** What plans, stages and studies amount to, in a few short words: requests, time, tokens, money. */
import type { PlanDescription, StageDescription } from './describe-plan.ts';
import type { StudyDescription } from './describe-study.ts';
import { formatNumber, formatQuantity } from './units.ts';

type Figures = readonly (string | undefined)[];

export function joinedFigures(figures: Figures): string {
  const known = figures.filter((each) => each !== undefined);
  return known.length === 0 ? '' : `≈ ${known.join(' · ')}`;
}

export function totalFigures(plan: PlanDescription, repeat = 1): Figures {
  const [first, ...others] = [
    requestsText(plan.requests),
    durationText(plan.durationMs),
    tokensText(plan.inputTokensTotal, plan.outputTokensTotal),
    costText(plan.costUsd),
  ].filter((each) => each !== undefined);
  return repeat > 1 && first !== undefined ? [`${repeat} runs, each ${first}`, ...others] : [first, ...others];
}

/** Of the rungs of one written stage. */
export function stageFigures(parts: readonly StageDescription[]): Figures {
  return [
    parts.length > 1 ? `${parts.length} steps` : undefined,
    requestsText(sum(parts.map((part) => part.requests))),
    durationText(sum(parts.map((part) => part.durationMs))),
    tokensText(sum(parts.map((part) => part.inputTokens)), sum(parts.map((part) => part.outputTokens))),
    costText(sum(parts.map((part) => part.costUsd))),
  ];
}

export function studyFigures({ runs, isUpperBound, requests, durationMs, costUsd }: StudyDescription): Figures {
  if (runs === 0) return [];
  return [
    `${isUpperBound ? 'at most ' : ''}${runs === 1 ? '1 run' : `${count(runs)} runs`}`,
    requestsText(requests),
    durationText(durationMs),
    costText(costUsd),
  ];
}

function requestsText(requests: number | undefined): string | undefined {
  return requests === undefined ? undefined : `${count(requests)} ${requests === 1 ? 'request' : 'requests'}`;
}

function durationText(durationMs: number | undefined): string | undefined {
  return durationMs === undefined ? undefined : formatQuantity(durationMs, 'duration', 3);
}

/** Both directions where both are known. */
function tokensText(input: number | undefined, output: number | undefined): string | undefined {
  const [inText, outText] = [input, output].map((each) => (each === undefined ? undefined : count(each)));
  if (inText === undefined) return outText === undefined ? undefined : `${outText} output tokens`;
  return outText === undefined ? `${inText} input tokens` : `${inText} + ${outText} tokens`;
}

function costText(costUsd: number | undefined): string | undefined {
  return costUsd === undefined ? undefined : `${formatNumber(costUsd, 2)} usd`;
}

export function sum(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce<number | undefined>(
    (total, value) => (total === undefined || value === undefined ? undefined : total + value),
    0,
  );
}

function count(value: number): string {
  if (value >= 1e6) return `${formatNumber(value / 1e6, 3)} M`;
  return value >= 1e4 ? `${formatNumber(value / 1e3, 3)} k` : formatNumber(Math.round(value), 5);
}
