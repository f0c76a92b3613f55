/** Texts: escapes that are none, and keys that have no business in a file. */
import type { PlainText, Template } from '../ast.ts';
import type { Check } from './check.ts';

const KNOWN_ESCAPES = 'nrt"\\$';

export const checkEscapes: Check<PlainText | Template> = (node, { report }) => {
  const cst = node.$cstNode;
  const document = cst === undefined ? undefined : node.$document?.textDocument;
  // Inside `"""` a backslash is only a backslash.
  if (cst === undefined || cst.text.startsWith('"""')) return;
  for (const match of cst.text.matchAll(/\\(.)/g)) {
    if (KNOWN_ESCAPES.includes(match[1] ?? '')) continue;
    const { line, character } = cst.range.start;
    const start = document?.positionAt(cst.offset + match.index) ?? { line, character: character + match.index };
    report(
      'BENCH1008',
      { node, range: { start, end: { line: start.line, character: start.character + 2 } } },
      { escape: match[0] },
    );
  }
};

/** Forms of keys that well-known services hand out. */
const KEYS: readonly RegExp[] = [
  /\bsk-[A-Za-z0-9_-]{16,}/,
  /\bhf_[A-Za-z0-9]{20,}/,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bBearer\s+[A-Za-z0-9._~+/-]{12,}/,
  /\bxox[abp]-[A-Za-z0-9-]{10,}/,
  // `--api-key abc…` in a command line, `?api_key=abc…` in an address.
  /--?(?:api[-_]?key|auth[-_]?token|password|secret)[= ]["']?[A-Za-z0-9_+/-]{8,}/i,
  /[?&](?:api[-_]?key|access[-_]?token|token|secret|password)=[A-Za-z0-9_+/-]{8,}/i,
];

/** A key is recognised by its form wherever it stands: in a command line, an address, a header. */
export const checkLiteralKey: Check<PlainText | Template> = (node, { report }) => {
  const isReportedElsewhere =
    node.$container.$type === 'MapEntry' || (node.$container as { name?: string }).name === 'key';
  const texts = node.$type === 'Template' ? node.texts : [node.value];
  if (!isReportedElsewhere && texts.some((text) => KEYS.some((key) => key.test(text))))
    report('BENCH8001', { node }, { what: 'A key' });
};
