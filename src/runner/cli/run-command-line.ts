/** Arguments in, exit code out: finds the command, checks its arguments, runs it, says in a sentence what went wrong. */
import { EXIT_CODES, RunError, type ExitCode } from '../../contract/errors.ts';
import { nearest } from '../../contract/nearest.ts';
import { VERSION } from '../../contract/version.ts';
import { visibleText } from '../terminal/visible-text.ts';
import { UsageError, type Command, type CommandContext } from './command.ts';
import { checkCommand } from './commands/check.ts';
import { formatCommand } from './commands/format.ts';
import { languageServerCommand } from './commands/language-server.ts';
import { listCommand } from './commands/list.ts';
import { planCommand } from './commands/plan.ts';
import { reportCommand } from './commands/report.ts';
import { resumeCommand } from './commands/resume.ts';
import { runCommand } from './commands/run.ts';
import { simulateCommand } from './commands/simulate.ts';
import { unavailableCommands } from './commands/unavailable.ts';
import { renderRunError } from './execute-run.ts';
import { renderCommandHelp, renderHelp } from './help.ts';
import { parseArguments } from './parse-arguments.ts';

export const COMMANDS: readonly Command[] = [
  runCommand,
  checkCommand,
  formatCommand,
  planCommand,
  reportCommand,
  resumeCommand,
  simulateCommand,
  listCommand,
  languageServerCommand,
  ...unavailableCommands,
];

export async function runCommandLine(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  try {
    return await dispatch(args, context);
  } catch (thrown) {
    if (thrown instanceof UsageError) {
      const { hint } = thrown;
      terminal.writeError(`${visibleText(thrown.message)}\n${hint === undefined ? '' : `${visibleLines(hint)}\n`}`);
      return EXIT_CODES.scenario;
    }
    const error = RunError.from(thrown);
    terminal.writeError(`${renderRunError(error.toData(), terminal)}\n`);
    if (error.code === 'RUN_INTERNAL' && thrown instanceof Error)
      terminal.writeError(`${visibleLines(thrown.stack ?? '')}\n`);
    return error.exitCode;
  }
}

async function dispatch(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const [name = 'help', ...rest] = args;
  if (name === '--version' || name === '-v' || name === 'version') return say(context, [VERSION]);
  if (name === '--help' || name === '-h' || name === 'help') {
    const [about] = rest;
    return say(
      context,
      about === undefined ? renderHelp(COMMANDS, terminal.style) : renderCommandHelp(findCommand(about), terminal),
    );
  }
  const command = findCommand(name);
  const invocation = parseArguments(command, rest);
  return invocation.flag('help')
    ? say(context, renderCommandHelp(command, terminal))
    : command.run(invocation, context);
}

function findCommand(name: string): Command {
  const command = COMMANDS.find((each) => each.name === name);
  if (command !== undefined) return command;
  if (name.startsWith('-'))
    throw new UsageError(`There is no option \`${name}\` before a command.`, 'See `benchwright --help`.');
  const guess = name.endsWith('.bench')
    ? `run ${name}`
    : nearest(
        name,
        COMMANDS.map((each) => each.name),
      );
  throw new UsageError(
    `There is no command \`${name}\`.`,
    guess === undefined ? 'See `benchwright --help`.' : `Did you mean \`benchwright ${guess}\`?`,
  );
}

function say({ terminal }: CommandContext, lines: readonly string[]): ExitCode {
  terminal.writeOut(`${lines.join('\n')}\n`);
  return EXIT_CODES.passed;
}

function visibleLines(text: string): string {
  return text.split('\n').map(visibleText).join('\n');
}
