/** Arguments against a command's options: what is unknown, missing or not a choice is refused with the nearest known word. */
import { parseArgs } from 'node:util';
import { nearest } from '../../contract/nearest.ts';
import { UsageError, type Command, type CommandOption, type Invocation } from './command.ts';

const HELP_OPTION: CommandOption = { doc: 'Show this help.' };

/** A command's options and `--help`, which each of them has. */
export function optionsOf(command: Command): Readonly<Record<string, CommandOption>> {
  return { ...command.options, help: HELP_OPTION };
}

/** @throws UsageError */
export function parseArguments(command: Command, args: readonly string[]): Invocation {
  const options = optionsOf(command);
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(options).map(([name, option]) => [
        name,
        {
          type: option.value === undefined ? ('boolean' as const) : ('string' as const),
          ...(name === 'help' ? { short: 'h' } : {}),
        },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const operands: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const option = options[token.name];
    if (option === undefined) throw unknownOption(token.rawName, Object.keys(options), command);
    const given = checkValue(token.rawName, option, token.value);
    const earlier = values.get(token.name) ?? [];
    if (earlier.length > 0 && option.value !== undefined && option.multiple !== true)
      throw new UsageError(`\`${token.rawName}\` is given twice.`, seeHelp(command));
    values.set(token.name, [...earlier, ...given]);
  }
  if (!values.has('help')) checkOperands(command, operands);
  return {
    operands,
    flag: (name) => values.has(name),
    value: (name) => values.get(name)?.[0],
    values: (name) => values.get(name) ?? [],
  };
}

/** A whole number within bounds. @throws UsageError */
export function integerValue(
  invocation: Invocation,
  name: string,
  bounds: { readonly min: number; readonly max: number },
): number | undefined {
  const text = invocation.value(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < bounds.min || value > bounds.max)
    throw new UsageError(`\`--${name}\` takes a whole number from ${bounds.min} to ${bounds.max}, not \`${text}\`.`);
  return value;
}

function checkValue(rawName: string, option: CommandOption, value: string | undefined): readonly string[] {
  if (option.value === undefined) {
    if (value !== undefined) throw new UsageError(`\`${rawName}\` takes no value.`);
    return [''];
  }
  if (value === undefined || value === '')
    throw new UsageError(`\`${rawName}\` needs a value: ${rawName} ${option.value}`);
  const { choices } = option;
  if (choices === undefined) return [value];
  const chosen = option.list === true ? value.split(',').map((each) => each.trim()) : [value];
  for (const each of chosen) {
    if (choices.includes(each)) continue;
    const guess = nearest(each, choices);
    throw new UsageError(
      `\`${rawName}\` does not know \`${each}\`.`,
      `${guess === undefined ? '' : `Did you mean \`${guess}\`? `}It takes ${choices.join(', ')}.`,
    );
  }
  return chosen;
}

function checkOperands(command: Command, operands: readonly string[]): void {
  const [least, most] = command.operandCount;
  const usage = `Usage: benchwright ${command.name} ${command.operands}`.trimEnd();
  if (operands.length < least)
    throw new UsageError(
      `\`${command.name}\` needs ${command.operands.split(' ')[operands.length] ?? 'more'}.`,
      `${usage}\n${seeHelp(command)}`,
    );
  const extra = operands[most];
  if (extra !== undefined)
    throw new UsageError(`\`${command.name}\` does not take \`${extra}\`.`, `${usage}\n${seeHelp(command)}`);
}

function unknownOption(rawName: string, known: readonly string[], command: Command): UsageError {
  const guess = nearest(rawName.replace(/^-+/, ''), known);
  return new UsageError(
    `\`${command.name}\` has no option \`${rawName}\`.`,
    `${guess === undefined ? '' : `Did you mean \`--${guess}\`? `}${seeHelp(command)}`,
  );
}

function seeHelp(command: Command): string {
  return `See \`benchwright ${command.name} --help\`.`;
}
