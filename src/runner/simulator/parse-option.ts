/** A text on a command line as the value a plan would hold for this option. */
import type { OptionType } from '../../contract/catalog/describe.ts';
import type { OptionValue } from '../../contract/plan.ts';
import { parseDistribution, parseQuantity } from './parse-distribution.ts';

export type ParsedOption = { readonly value: OptionValue } | { readonly problem: string };

/** Kinds that no option of the simulator has are refused. */
export function parseOption(type: OptionType, text: string): ParsedOption {
  switch (type.kind) {
    case 'distribution': {
      const parsed = parseDistribution(text, type.dimension);
      return 'problem' in parsed ? parsed : { value: parsed.distribution };
    }
    case 'quantity': {
      const value = parseQuantity(text, type.dimension);
      return typeof value === 'string' ? { problem: value } : within(value, text, type);
    }
    case 'integer': {
      const value = Number(text.replaceAll('_', ''));
      const isWhole = Number.isSafeInteger(value) && text.trim() !== '';
      return isWhole ? within(value, text, type) : { problem: `"${text}" is not a whole number.` };
    }
    case 'flag':
      return text === 'on' || text === 'off' ? { value: text === 'on' } : { problem: `"${text}" is not on or off.` };
    case 'choice':
      return Object.hasOwn(type.choices, text)
        ? { value: text }
        : { problem: `"${text}" is none of ${Object.keys(type.choices).join(', ')}.` };
    default:
      return { problem: 'it cannot be given on a command line.' };
  }
}

function within(
  value: number,
  text: string,
  { min, max }: { readonly min?: number; readonly max?: number },
): ParsedOption {
  if (min !== undefined && value < min) return { problem: `"${text}" is below what is allowed.` };
  if (max !== undefined && value > max) return { problem: `"${text}" is above what is allowed.` };
  return { value };
}
