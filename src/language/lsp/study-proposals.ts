/** Completion inside sweeps, searches and comparisons, whose items have words of their own. */
import { METRICS, STATISTICS } from '../../contract/metrics.ts';
import { SLOTS, SLOT_TYPES } from '../validation/slots.ts';
import type { Frame } from './block-context.ts';
import type { Proposal } from './proposal.ts';

type Names = (type: string) => readonly Proposal[];

/** `undefined`: nothing special stands here. */
export function studyProposals({ block, word, since }: Frame, names: Names): readonly Proposal[] | undefined {
  if (block !== 'sweep' && block !== 'search' && block !== 'compare') return undefined;
  const last = since.at(-1)?.image;
  const isMeeting = since.some(({ image }) => image === 'meeting');
  if (last === 'meeting' || (isMeeting && last === ',')) return names('Sla');
  if (block === 'compare') return last === 'on' ? names('Backend') : undefined;
  switch (word) {
    case 'vary':
      return varied(since, last, names);
    case 'choose':
      return chosen(since, last);
    case 'find':
      return found(since, last);
    default:
      return undefined;
  }
}

function varied(since: Frame['since'], last: string | undefined, names: Names): readonly Proposal[] | undefined {
  if (last === undefined)
    return [
      ...[...SLOTS].map(keyword),
      ...['Param', 'Dataset', 'Backend', 'Load', 'Monitor'].flatMap((type) => names(type)),
    ];
  const slot = since[0]?.image ?? '';
  const isOpenList = last === '[' || (last === ',' && since.some(({ image }) => image === '['));
  if (isOpenList && SLOTS.has(slot)) return names(capitalised(SLOT_TYPES[slot] ?? ''));
  return since.length === 1 ? [keyword('in')] : undefined;
}

function chosen(since: Frame['since'], last: string | undefined): readonly Proposal[] | undefined {
  if (last === undefined) return GOALS;
  if (since.length === 1)
    return METRICS.map((each) => ({
      label: each.id,
      kind: 'metric',
      detail: each.title,
      doc: each.doc,
      insert: `${each.id} `,
      again: true,
    }));
  const metric = METRICS.find(({ id }) => id === last);
  if (metric === undefined) return undefined;
  const single = metric.scope === 'window' || metric.scope === 'engine';
  return single ? ['per gpu', 'meeting'].map(keyword) : STATISTICS.map((label) => ({ label, kind: 'statistic' }));
}

function found(since: Frame['since'], last: string | undefined): readonly Proposal[] | undefined {
  if (last === undefined) return GOALS;
  if (since.length === 1) return ['rate', 'users'].map(keyword);
  return since.length === 2 ? [keyword('in')] : undefined;
}

function keyword(label: string): Proposal {
  return { label, kind: 'keyword', insert: `${label} `, again: true };
}

const GOALS: readonly Proposal[] = ['max', 'min'].map(keyword);

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
