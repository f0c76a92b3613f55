/** From the text of a token to the value in the tree: strings lose their quotes, numbers their underscores. */
import { DefaultValueConverter, type CstNode, type GrammarAST } from 'langium';

type ConvertedValue = ReturnType<DefaultValueConverter['convert']>;

export class BenchValueConverter extends DefaultValueConverter {
  protected override runConverter(rule: GrammarAST.AbstractRule, input: string, cstNode: CstNode): ConvertedValue {
    switch (rule.name) {
      case 'NUMBER':
        return Number(input.replaceAll('_', ''));
      case 'STRING':
        return unescape(input.slice(1, -1));
      case 'UNCLOSED_STRING':
      case 'UNCLOSED_TEMPLATE':
        return unescape(input.slice(1));
      case 'TEMPLATE_START':
      case 'TEMPLATE_MIDDLE':
        return unescape(input.slice(1, -2));
      case 'TEMPLATE_END':
        return unescape(input.slice(1, -1));
      case 'BLOCK_STRING':
        return dedent([rawText(input.slice(3, -3))])[0] ?? '';
      case 'UNCLOSED_BLOCK':
        return rawText(input.slice(3));
      case 'UNCLOSED_BLOCK_TEMPLATE':
        return rawText(input.slice(1));
      case 'BLOCK_START':
        return rawText(input.slice(3, -2));
      case 'BLOCK_MIDDLE':
        return rawText(input.slice(1, -2));
      case 'BLOCK_END':
        return rawText(input.slice(1, -3));
      case 'SeriesName':
        return input.startsWith('"') ? unescape(input.slice(1, -1)) : input.replaceAll(/\s/g, '');
      case 'CatalogId':
        return input.replaceAll(/\s/g, '');
      default:
        return super.runConverter(rule, input, cstNode);
    }
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' };

/** An escape that is none (`\d`) stays as written; a check warns of it. */
function unescape(text: string): string {
  return text.replaceAll(/\\(.)/g, (whole, character: string) => ESCAPES[character] ?? whole);
}

/** In `"""` a backslash is a backslash, so that JSON can be pasted; only `\${` is special. */
function rawText(text: string): string {
  return text.replaceAll('\\${', '${');
}

/** Texts of a `"""` string that begins with a line break lose that line break, the last line's blanks and the indentation common to all lines. */
export function dedent(parts: readonly string[]): string[] {
  const first = parts[0] ?? '';
  if (!/^[ \t]*\r?\n/.test(first)) return [...parts];
  const indents = parts.flatMap((part) =>
    [...part.matchAll(/\n([ \t]*)(?=\S|$)/g)].map((match) => match[1]?.length ?? 0),
  );
  const indent = Math.min(...indents);
  return parts.map((part, index) => {
    const shifted = part.replaceAll(/\n[ \t]*/g, (blanks) => '\n' + blanks.slice(1 + indent));
    const begun = index === 0 ? shifted.replace(/^[ \t]*\r?\n/, '') : shifted;
    return index === parts.length - 1 ? begun.replace(/\n[ \t]*$/, '') : begun;
  });
}
