/**
 * Which of a file's conversations are sent: those within `keep`, no one twice, at most `limit` from the beginning, a random `sample` of
 * these. Memory grows with what is kept, not with the file.
 */
import type { DatasetPlan } from '../../contract/plan.ts';
import { createRandom } from '../platform/random.ts';
import type { Conversation, Question } from './conversation.ts';
import type { PreparedConversation, PreparedPrompt } from './conversation-table.ts';
import { isWithin } from './lengths.ts';
import { numberOption } from './plan-options.ts';

export interface SelectionOptions {
  readonly plan: DatasetPlan;
  readonly seed: number;
  readonly countTokens: (text: string) => number;
  /** The questions of a conversation that are sent. */
  readonly choose: (conversation: Conversation) => readonly Question[];
}

export interface Selection {
  /** Why entries were left out → how many. */
  readonly leftOut: ReadonlyMap<string, number>;
  readonly entries: number;
  leaveOut(why: string): void;
  /**
   * Returns false once no further entry can be taken.
   * @param own What the entry says in another way: the length of the wanted answer, and when it arrived.
   */
  offer(
    conversation: Conversation,
    own?: { readonly outputTokens?: number | undefined; readonly arrivalMs?: number },
  ): boolean;
  /** In the order in which they are sent. */
  take(): readonly PreparedConversation[];
}

interface Candidate {
  /** Random, the same for the same seed and entry: the smallest make the sample. */
  readonly key: number;
  readonly prepared: PreparedConversation;
}

export function createSelection({ plan, seed, countTokens, choose }: SelectionOptions): Selection {
  const limit = numberOption(plan, 'limit');
  const sample = numberOption(plan, 'sample');
  const leftOut = new Map<string, number>();
  const seen = new Set<string>();
  let candidates: Candidate[] = [];
  let highestKey = Number.POSITIVE_INFINITY;
  let entries = 0;
  let taken = 0;

  const leaveOut = (why: string): void => {
    leftOut.set(why, (leftOut.get(why) ?? 0) + 1);
  };
  /** Keeps the smallest keys. */
  const draw = (count: number): void => {
    candidates.sort((left, right) => left.key - right.key);
    if (candidates.length < count) return;
    candidates = candidates.slice(0, count);
    highestKey = candidates.at(-1)?.key ?? highestKey;
  };

  return {
    leftOut,
    get entries() {
      return entries;
    },
    leaveOut(why) {
      entries += 1;
      leaveOut(why);
    },
    offer(conversation, own = {}) {
      const number = entries++;
      const key = sample === undefined ? number : createRandom(seed, 'sample', number)();
      const questions = choose(conversation);
      const fingerprint = fingerprintOf(conversation, questions);
      if (questions.length === 0) leaveOut('without a usable question');
      // Of a recording, each arrival counts.
      else if (own.arrivalMs === undefined && seen.has(fingerprint)) leaveOut('that repeat an earlier one');
      else {
        seen.add(fingerprint);
        // Counting tokens is what takes time: not done for what the sample cannot hold anyway. Such entries still count for `limit`.
        const isWanted = key < highestKey;
        const prompts =
          isWanted || limit !== undefined ? preparePrompts(conversation, questions, own.outputTokens) : [];
        if (prompts.length > 0) {
          taken += 1;
          if (isWanted) candidates.push({ key, prepared: { conversation, prompts, arrivalMs: own.arrivalMs } });
        } else if (isWanted || limit !== undefined) {
          leaveOut('outside `keep`');
        }
        // Not for each entry: sorting is worth it once many have come together.
        if (sample !== undefined && candidates.length >= 2 * sample) draw(sample);
      }
      return limit === undefined || taken < limit;
    },
    take() {
      if (sample !== undefined) draw(sample);
      return candidates.map(({ prepared }) => prepared);
    },
  };

  function preparePrompts(
    conversation: Conversation,
    questions: readonly Question[],
    ownOutputTokens: number | undefined,
  ): PreparedPrompt[] {
    const lengths = conversation.messages.map(() => Number.NaN);
    const lengthOf = (index: number): number => {
      if (Number.isNaN(lengths[index])) lengths[index] = countTokens(conversation.messages[index]?.content ?? '');
      return lengths[index] as number;
    };
    return questions.flatMap((question): PreparedPrompt[] => {
      const { messageCount, answer } = question;
      const inputTokens = Array.from({ length: messageCount }, (_, index) => lengthOf(index)).reduce(
        (a, b) => a + b,
        0,
      );
      const answerTokens = answer === undefined ? undefined : Math.max(1, lengthOf(messageCount));
      const outputTokens = ownOutputTokens ?? answerTokens;
      const isKept =
        isWithin(inputTokens, plan.keep?.inputTokens) &&
        (plan.outputTokens !== undefined ||
          outputTokens === undefined ||
          isWithin(outputTokens, plan.keep?.outputTokens));
      const turn = conversation.questions.indexOf(question) + 1;
      return isKept ? [{ messageCount, inputTokens, outputTokens, turn }] : [];
    });
  }
}

/** 64 bits of the text that would be sent: among a million entries two different ones hardly ever share them. */
function fingerprintOf(conversation: Conversation, questions: readonly Question[]): string {
  const last = questions.at(-1)?.messageCount ?? 0;
  let first = 0x811c9dc5;
  let second = 0x9e3779b9;
  for (const { role, content } of conversation.messages.slice(0, last)) {
    first = Math.imul(first ^ role.length, 0x01000193);
    for (let index = 0; index < content.length; index += 1) {
      const unit = content.charCodeAt(index);
      first = Math.imul(first ^ unit, 0x01000193);
      second = Math.imul((second << 5) ^ (second >>> 27) ^ unit, 0x85ebca6b);
    }
  }
  return String.fromCharCode(first & 0xffff, first >>> 16, second & 0xffff, second >>> 16);
}
