/**
 * Layout of a `.bench` text: which white space stands between neighbouring tokens. Indentation, blank lines and spaces around
 * brackets are put right; columns an author aligned by hand (two or more spaces) stay as they are, and so do line breaks.
 */

/** A token as the lexer gives it; comments included, white space not. */
export interface LayoutToken {
  readonly image: string;
  readonly startOffset: number;
  readonly kind: 'comment-line' | 'comment-block' | 'template' | 'other';
}

/** Replace `[start, end)` of the text. */
export interface LayoutEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const INDENT = '  ';
const OPENING: ReadonlySet<string> = new Set(['{', '[', '(']);
const CLOSING: ReadonlySet<string> = new Set(['}', ']', ')']);
/** A line that begins with one of these goes on with the statement above. */
const CONTINUES: ReadonlySet<string> = new Set([
  'where',
  'and',
  'against',
  'meeting',
  'within',
  'extends',
  'over',
  '+',
  '-',
  '*',
  '/',
  '->',
  '..',
]);

interface Level {
  /** Column at which the level's own lines begin. */
  readonly column: number;
  /** Column of the line that opened it: where its closing bracket goes. */
  readonly outer: number;
}

/** The edits that lay the text out; none where it already is. `tokens` in order of appearance. */
export function layoutEdits(text: string, tokens: readonly LayoutToken[]): readonly LayoutEdit[] {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const edits: LayoutEdit[] = [];
  const levels: Level[] = [{ column: 0, outer: 0 }];
  let column = 0;
  let lineColumn = 0;
  let trailingComment: { readonly before: number; readonly after: number } | undefined;
  const put = (start: number, end: number, wanted: string): void => {
    if (text.slice(start, end) !== wanted) edits.push({ start, end, text: wanted });
  };

  for (const [index, token] of tokens.entries()) {
    const previous = tokens[index - 1];
    const gapStart = previous === undefined ? 0 : previous.startOffset + previous.image.length;
    const gap = text.slice(gapStart, token.startOffset);
    const breaks = previous === undefined ? 0 : gap.split('\n').length - 1;
    let space: string;
    if (previous === undefined) {
      space = '';
      column = 0;
    } else if (breaks > 0) {
      const level = levels[levels.length - 1] ?? { column: 0, outer: 0 };
      const closes = CLOSING.has(token.image);
      const originalColumn = token.startOffset - (text.lastIndexOf('\n', token.startOffset - 1) + 1);
      if (token.kind === 'comment-line' && breaks === 1 && trailingComment?.before === originalColumn)
        column = trailingComment.after;
      else if (closes) column = level.outer;
      else column = level.column + (CONTINUES.has(token.image) ? INDENT.length : 0);
      const blank = breaks > 1 && !OPENING.has(previous.image) && !closes ? newline : '';
      space = newline + blank + ' '.repeat(column);
      lineColumn = column;
      if (token.kind !== 'comment-line' || column !== trailingComment?.after) trailingComment = undefined;
    } else {
      space = spaceBetween(previous, token, gap);
      column += space.length;
      if (token.kind === 'comment-line') {
        trailingComment = {
          before: token.startOffset - (text.lastIndexOf('\n', token.startOffset - 1) + 1),
          after: column,
        };
      }
    }
    put(gapStart, token.startOffset, space);

    if (OPENING.has(token.image)) {
      const next = tokens[index + 1];
      const inner = next === undefined ? '' : text.slice(token.startOffset + token.image.length, next.startOffset);
      const hangs = next !== undefined && !inner.includes('\n') && next.kind !== 'comment-line';
      const innerSpace = hangs ? spaceBetween(token, next, inner).length : 0;
      levels.push(
        hangs
          ? { column: column + token.image.length + innerSpace, outer: lineColumn }
          : { column: lineColumn + INDENT.length, outer: lineColumn },
      );
    } else if (CLOSING.has(token.image) && levels.length > 1) {
      levels.pop();
    }
    const lastBreak = token.image.lastIndexOf('\n');
    column = lastBreak < 0 ? column + token.image.length : token.image.length - lastBreak - 1;
  }
  const last = tokens[tokens.length - 1];
  const end = last === undefined ? 0 : last.startOffset + last.image.length;
  put(end, text.length, last === undefined ? '' : newline);
  return edits;
}

export function applyLayout(text: string, edits: readonly LayoutEdit[]): string {
  let result = '';
  let position = 0;
  for (const edit of edits) {
    result += text.slice(position, edit.start) + edit.text;
    position = edit.end;
  }
  return result + text.slice(position);
}

/** White space between two tokens of one line. */
function spaceBetween(left: LayoutToken, right: LayoutToken, gap: string): string {
  if (left.kind === 'template' && right.kind === 'template') return gap;
  if (opensTemplateHole(left) || closesTemplateHole(right)) return gap;
  if (left.image === '.' || right.image === '.') return gap;
  if (right.image === ',' || right.image === ':' || right.image === ')' || right.image === ']') return '';
  if (left.image === '(' || left.image === '[') return '';
  if (left.image === '{' && right.image === '}') return '';
  if (right.image === '(' && gap === '') return '';
  const width = gap.replaceAll('\t', INDENT).length;
  return width >= 2 ? ' '.repeat(width) : ' ';
}

function opensTemplateHole(token: LayoutToken): boolean {
  return token.kind === 'template' && token.image.endsWith('${');
}

function closesTemplateHole(token: LayoutToken): boolean {
  return token.kind === 'template' && token.image.startsWith('}');
}
