/** What is still going on when it should be over, in words: which requests, since when, and how far they got. */
import { formatQuantity } from '../../contract/units.ts';

export interface UnfinishedRequest {
  readonly id: number;
  readonly stage: string;
  /** `held`: it waits for a slot under the limit in flight; `connecting`: it waits for a connection. */
  readonly state: 'held' | 'connecting' | 'sent';
  /** Since when it has been in that state, ms since the run began. */
  readonly sinceMs: number;
  /** Network reads that carried output. */
  readonly reads: number;
}

/** Beyond these the eye learns nothing new. */
const MOST_NAMED = 20;

/** Longest waiting first. */
export function describeUnfinished(requests: readonly UnfinishedRequest[], nowMs: number): string {
  const oldest = requests.toSorted((left, right) => left.sinceMs - right.sinceMs);
  const named = oldest.slice(0, MOST_NAMED).map((request) => describe(request, nowMs));
  const more = requests.length - named.length;
  return `${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function describe({ id, stage, state, sinceMs, reads }: UnfinishedRequest, nowMs: number): string {
  const since = formatQuantity(Math.round(nowMs - sinceMs), 'duration', 4);
  const doing = {
    held: `waiting for a slot for ${since}`,
    connecting: `waiting for a connection for ${since}`,
    sent: `sent ${since} ago, ${reads === 0 ? 'no output yet' : `${reads} ${reads === 1 ? 'read' : 'reads'} of output`}`,
  }[state];
  return `${id} of ${stage} (${doing})`;
}
