/** The help, made from the commands' own descriptions. */
import { VERSION } from '../../contract/version.ts';
import { table, wrap } from '../terminal/layout.ts';
import type { Style } from '../terminal/style.ts';
import type { Command } from './command.ts';
import { optionsOf } from './parse-arguments.ts';

const EXIT_CODE_LINES = [
  '0  every SLA is met',
  '1  an SLA is breached',
  '2  the scenario or the command has errors; nothing was sent',
  '3  the run could not be carried out, or was interrupted',
  '4  the measurement is invalid: the generator was the limit',
];

export function renderHelp(commands: readonly Command[], style: Style): readonly string[] {
  const listed = commands.filter((each) => each.isUnavailable !== true);
  return [
    `${style.bold(`Benchwright ${VERSION}`)}: benchmarks of large language model servers.`,
    '',
    style.bold('Usage'),
    '  benchwright COMMAND …',
    '',
    style.bold('Commands'),
    ...table(
      listed.map((each) => [style.accent(each.name), each.summary]),
      { alignRight: [], indent: 2 },
    ),
    '',
    style.bold('To begin'),
    '  benchwright run examples/quickstart.bench',
    '  benchwright run examples/quickstart.bench --dry-run',
    '',
    '`benchwright COMMAND --help` tells more of one command.',
  ];
}

export function renderCommandHelp(
  command: Command,
  { style, columns }: { style: Style; columns: number },
): readonly string[] {
  const textColumns = Math.min(columns, 100);
  const options = Object.entries(optionsOf(command)).map(([name, option]) => ({
    left: `--${name}${option.value === undefined ? '' : ` ${option.value}`}${option.multiple === true ? ' …' : ''}`,
    doc: option.doc,
  }));
  const leftColumns = Math.max(...options.map((each) => each.left.length)) + 4;
  return [
    command.summary,
    '',
    style.bold('Usage'),
    `  benchwright ${command.name} ${command.operands} [options]`.replace(/ {2,}\[/, ' ['),
    ...command.details.flatMap((paragraph) => ['', ...wrap(paragraph, textColumns)]),
    '',
    style.bold('Options'),
    ...options.flatMap(({ left, doc }) =>
      wrap(doc, textColumns - leftColumns).map(
        (line, index) =>
          `  ${index === 0 ? style.accent(left) + ' '.repeat(leftColumns - 2 - left.length) : ' '.repeat(leftColumns - 2)}${line}`,
      ),
    ),
    ...(command.name === 'run' ? ['', style.bold('Exit codes'), ...EXIT_CODE_LINES.map((line) => `  ${line}`)] : []),
    ...(command.examples.length === 0
      ? []
      : ['', style.bold('Examples'), ...command.examples.map((each) => `  ${each}`)]),
  ];
}
