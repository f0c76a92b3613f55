/** What a simulator is set to, as it is written: for whoever starts one. */
import type { OptionEntry } from '../../contract/catalog/describe.ts';
import { SIMULATOR_OPTIONS } from '../../contract/catalog/simulator.ts';

/** Options that have an effect, by their name in the language, with what was written or their default. */
export function describeSimulatorOptions(
  texts: Readonly<Record<string, string | undefined>>,
): readonly (readonly [name: string, text: string])[] {
  const entries: Readonly<Record<string, OptionEntry | undefined>> = { ...SIMULATOR_OPTIONS, model: undefined };
  const textOf = (name: string): string | undefined => texts[name] ?? entries[name]?.defaultText;
  return Object.entries(entries).flatMap(([name, entry]) => {
    const text = textOf(name);
    const { anyOf, value } = entry?.onlyWith ?? {};
    const hasEffect =
      anyOf?.some((other) => (value === undefined ? texts[other] !== undefined : textOf(other) === value)) ?? true;
    return text === undefined || !hasEffect ? [] : [[name, text] as const];
  });
}
