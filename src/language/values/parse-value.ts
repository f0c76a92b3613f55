/** Values that stand in no file: `--set` and the catalog's defaults. Their names refer to nothing. */
import type { LangiumParser } from 'langium';
import type { Value } from '../ast.ts';

export type ParseValue = (text: string) => Value | undefined;

/** `undefined`: the text is not a value. */
export function createParseValue(parser: LangiumParser): ParseValue {
  return (text) => {
    const result = parser.parse<Value>(text, { rule: 'Value' });
    return result.lexerErrors.length === 0 && result.parserErrors.length === 0 ? result.value : undefined;
  };
}
