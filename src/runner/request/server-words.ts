/** Makes what a server said fit for a record: short, on one line, without control characters and without secrets. */

const MAX_DETAIL_CHARACTERS = 200;
/** Longest text looked at. */
const MAX_SOURCE_CHARACTERS = 8192;
/** Shorter texts were not cut off by whoever kept them. */
const MIN_CUT_CHARACTERS = 1000;
/** Like the `stop` and `length` that nearly every answer ends with. */
const PLAIN_WORD = /^[a-z_]*$/;
const REDACTED = '***';

export type CleanWords = (text: string, maxCharacters?: number) => string;

/** `secrets`: values that must never appear. */
export function createCleanWords(secrets: Iterable<string>): CleanWords {
  const spellings = new Set<string>();
  for (const secret of secrets) {
    if (secret === '') continue;
    spellings.add(oneLine(secret));
    spellings.add(oneLine(JSON.stringify(secret).slice(1, -1)));
    spellings.add(encodeURIComponent(secret));
  }
  spellings.delete('');
  // Longest first: a secret may contain another.
  const ordered = [...spellings].toSorted((a, b) => b.length - a.length);
  return (text, maxCharacters = MAX_DETAIL_CHARACTERS) => {
    if (ordered.length === 0 && text.length <= maxCharacters && PLAIN_WORD.test(text)) return text;
    let words = oneLine(text.slice(0, MAX_SOURCE_CHARACTERS));
    for (const spelling of ordered) words = words.replaceAll(spelling, REDACTED);
    // A long text may have been cut in the middle of a secret, whose head no longer looks like one.
    if (text.length >= MIN_CUT_CHARACTERS) words = withoutBrokenSecret(words, ordered);
    return [...words].slice(0, maxCharacters).join('');
  };
}

function oneLine(text: string): string {
  return text
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')
    .trim();
}

function withoutBrokenSecret(words: string, spellings: readonly string[]): string {
  for (const spelling of spellings) {
    for (let length = Math.min(spelling.length - 1, words.length); length >= 4; length -= 1)
      if (words.endsWith(spelling.slice(0, length))) return words.slice(0, -length) + REDACTED;
  }
  return words;
}
