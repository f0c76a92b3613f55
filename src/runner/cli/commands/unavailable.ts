import { EXIT_CODES } from '../../../contract/errors.ts';
import type { Command } from '../command.ts';

/** Commands whose names are given away already, so that nothing else takes them and a script that tries them reads why. */
export const unavailableCommands: readonly Command[] = [
  unavailable('compare', 'A B', 'Compare two results.'),
  unavailable('serve', '', 'The same over HTTP.'),
];

function unavailable(name: string, operands: string, summary: string): Command {
  return {
    name,
    summary,
    operands,
    operandCount: [0, Number.POSITIVE_INFINITY],
    options: {},
    details: ['This command is not available yet.'],
    examples: [],
    isUnavailable: true,
    async run(_invocation, { terminal }) {
      terminal.writeError(`\`benchwright ${name}\` is not available yet. \`benchwright --help\` shows what is.\n`);
      return EXIT_CODES.scenario;
    },
  };
}
