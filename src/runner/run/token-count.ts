/**
 * Puts the local tokenizer's count into records whose text came with them. Counting is done elsewhere, in batches; until the answer
 * is there the records wait here. Whole texts only: a text cut into chunks has more tokens.
 */
import type { RequestRecord } from '../../contract/outcome.ts';

export interface TokenCount {
  /** Passes the record on, at once or with its count. */
  add(record: RequestRecord, text: string | undefined): void;
  /** Texts added since the last call, to be counted; the counts must come back in the same order. */
  takeTexts(): readonly string[];
  counted(tokens: readonly number[]): void;
  readonly waiting: number;
  /** Passes on what still waits, uncounted: whoever counts does not answer. */
  giveUp(): void;
}

export function createTokenCount(passOn: (record: RequestRecord) => void): TokenCount {
  const waiting: RequestRecord[] = [];
  let texts: string[] = [];
  return {
    add(record, text) {
      if (text === undefined) return passOn(record);
      waiting.push(record);
      texts.push(text);
    },
    takeTexts() {
      const taken = texts;
      texts = [];
      return taken;
    },
    counted(tokens) {
      const records = waiting.splice(0, tokens.length);
      records.forEach((record, index) => passOn(withCount(record, tokens[index] as number)));
    },
    get waiting() {
      return waiting.length;
    },
    giveUp() {
      texts = [];
      for (const record of waiting.splice(0)) passOn(record);
    },
  };
}

/** The server's usage stays the figure where there is one; the count stands beside it, so that the two can be compared. */
function withCount(record: RequestRecord, tokens: number): RequestRecord {
  if (record.tokenSource === 'usage') return { ...record, countedOutputTokens: tokens };
  return { ...record, outputTokens: tokens, tokenSource: 'tokenizer' };
}
