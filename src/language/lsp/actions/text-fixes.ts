/** Fixes of what is wrong with the text itself: words nobody knows, quotes and comments without end, strange characters. */
import type { Lexer } from 'langium';
import { BLOCKS } from '../../../contract/catalog/blocks.ts';
import { nearest } from '../../../contract/nearest.ts';
import { contextAt, itemsOf } from '../block-context.ts';
import { fix, type Fix, type Problem } from './problem.ts';

/** "Did you mean", for every diagnostic that knows a nearest name. */
export function suggested(problem: Problem): Fix[] {
  const suggestion = problem.fact('suggestion');
  if (suggestion === '') return [];
  const { written } = problem;
  const wrong = [problem.fact('unit'), problem.fact('name')].find((each) => each !== '' && written.includes(each));
  // A unit is one token with its number: only the unit is replaced.
  const at = wrong === undefined ? 0 : written.lastIndexOf(wrong);
  const newText = written.slice(0, at) + suggestion + written.slice(at + (wrong ?? written).length);
  return fix(`Change to \`${suggestion}\``, [problem.replace(newText)]);
}

/** A word that begins nothing here, next to one that does; or a declaration where a block was not closed. */
export function syntaxFixes(problem: Problem, lexer: Lexer): Fix[] {
  const { text, start } = problem;
  const word = /^[A-Za-z][\w-]*/.exec(text.text.slice(start))?.[0];
  if (word === undefined) return [];
  const { frame, frames } = contextAt(lexer.tokenize(text.text).tokens, start);
  if (frames.length > 1 && Object.hasOwn(BLOCKS.file, word) && text.lineStart(start) === start)
    return fix(`Close the block before \`${word}\``, [text.insert(start, '}\n'.repeat(frames.length - 1))]);
  const meant = nearest(word, Object.keys(itemsOf(frame)));
  if (meant === undefined || meant === word) return [];
  return fix(`Change to \`${meant}\``, [text.replace(start, start + word.length, meant)]);
}

export function closeText(problem: Problem): Fix[] {
  const { text, start } = problem;
  const isBlock = text.text.startsWith('"""', start) || problem.written.includes('\n');
  const quotes = isBlock ? '"""' : '"';
  const end = isBlock ? text.text.trimEnd().length : endOfLine(problem, start);
  // A brace that closes a block on the same line was not meant to be in the text.
  const line = text.text.slice(start, end);
  const braces = isBlock ? 0 : (/[ \t]*\}[ \t}]*$/.exec(line)?.[0].length ?? 0);
  return fix(`Close the text with \`${quotes}\``, [text.insert(end - braces, isBlock ? `\n${quotes}` : quotes)]);
}

export function closeComment(problem: Problem): Fix[] {
  return fix('Close the comment at the end of its line', [
    problem.text.insert(endOfLine(problem, problem.start), ' */'),
  ]);
}

function endOfLine({ text }: Problem, offset: number): number {
  const end = text.lineEnd(offset);
  return offset + text.text.slice(offset, end).trimEnd().length;
}

/** What word processors make of quotes, dashes and blanks. */
const PLAIN: Readonly<Record<string, string>> = {
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
};

export function strangeCharacters(problem: Problem): Fix[] {
  const { written } = problem;
  const plain = [...written].map((each) => PLAIN[each] ?? each).join('');
  return plain === written
    ? fix(`Remove \`${written}\``, [problem.replace('')])
    : fix(`Change to \`${plain}\``, [problem.replace(plain)]);
}

export function doubleBackslash(problem: Problem): Fix[] {
  const { written } = problem;
  return fix(`Write \`\\${written}\``, [problem.replace(`\\${written}`)]);
}
