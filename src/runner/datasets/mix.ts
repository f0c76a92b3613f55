/** A mix of datasets: each number's prompt, or conversation, comes from one of the parts, which gives them in its own order. */
import type { DatasetPlan } from '../../contract/plan.ts';
import { createRandom } from '../platform/random.ts';
import {
  FIRST_WARMUP_INDEX,
  type DatasetContext,
  type LoadedDataset,
  type Prompt,
  type PromptSource,
  type Session,
} from './dataset.ts';
import { createMixOrder } from './mix-order.ts';

export type MixPart = NonNullable<DatasetPlan['mix']>[number];

/** Two parts of one kind must not send the same words: each has a seed and a nonce of its own. */
export function partContext<Context extends Pick<DatasetContext, 'seed' | 'nonce'>>(
  plan: DatasetPlan,
  context: Context,
  part: number,
): Context {
  const seed = Math.floor(createRandom(plan.seed ?? context.seed, 'mix-part', part)() * 2 ** 53);
  return { ...context, seed, nonce: `${context.nonce}/${part}` };
}

export function joinParts(parts: readonly MixPart[], loaded: readonly LoadedDataset[]): LoadedDataset {
  const namesByNote = new Map<string, string[]>();
  loaded.forEach(({ notes }, index) => {
    for (const note of notes)
      namesByNote.set(note, [...(namesByNote.get(note) ?? []), parts[index]?.dataset.name ?? '']);
  });
  return {
    size: undefined,
    data: loaded.map(({ data }) => data),
    notes: [...namesByNote].map(([note, names]) => `${names.join(', ')}: ${note}`),
  };
}

interface Place {
  readonly part: number;
  readonly source: PromptSource;
  /** Of the prompt or, where the part is one of conversations, of the conversation. */
  readonly index: number;
}

/** Never ends: a part that does begins again. */
export function openMix(
  plan: DatasetPlan,
  parts: readonly MixPart[],
  sources: readonly PromptSource[],
  { seed: runSeed }: Pick<DatasetContext, 'seed'>,
): PromptSource {
  const order = createMixOrder(
    parts.map(({ weightRatio }) => weightRatio),
    plan.seed ?? runSeed,
  );
  const labels = parts.map(({ dataset: { name } }, index) => {
    const isTwice = parts.slice(0, index).some((earlier) => earlier.dataset.name === name);
    return { name, sessions: isTwice ? `${name}#${index + 1}` : name };
  });
  const placeOf = (index: number): Place => {
    const isWarmup = index >= FIRST_WARMUP_INDEX;
    const { part, number } = order(isWarmup ? index - FIRST_WARMUP_INDEX : index);
    const source = sources[part] as PromptSource;
    return { part, source, index: isWarmup ? warmupIndex(source, number) : number };
  };
  const labelled = (prompt: Prompt, part: number): Prompt => {
    const { name, sessions } = labels[part] as (typeof labels)[number];
    const session = prompt.session === undefined ? {} : { session: `${sessions}.${prompt.session}` };
    return { ...prompt, ...session, dataset: name };
  };
  const promptAt = (index: number): Prompt => {
    const place = placeOf(index);
    return labelled(place.source.promptAt(place.index), place.part);
  };
  const sessionAt = (index: number): Session => {
    const { part, source, index: own } = placeOf(index);
    if (source.sessions === undefined)
      return { turns: 1, promptAt: () => labelled(source.promptAt(own), part), thinkMs: () => 0 };
    const session = source.sessions.sessionAt(own);
    return {
      turns: session.turns,
      promptAt: (turn, answers) => labelled(session.promptAt(turn, answers), part),
      thinkMs: (turn) => session.thinkMs(turn),
    };
  };
  return {
    size: undefined,
    promptAt,
    ...(sources.every(({ sessions }) => sessions === undefined) ? {} : { sessions: { size: undefined, sessionAt } }),
  };
}

/** As without a mix: an endless part's come from far beyond those of the stages, a finite part's from its end, backwards. */
function warmupIndex({ size: prompts, sessions }: PromptSource, number: number): number {
  const size = sessions === undefined ? prompts : sessions.size;
  return size === undefined ? FIRST_WARMUP_INDEX + number : size - 1 - (number % size);
}
