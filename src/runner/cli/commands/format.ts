import { EXIT_CODES, type ExitCode } from '../../../contract/errors.ts';
import { counted } from '../../terminal/words.ts';
import type { Command } from '../command.ts';
import { existingFile, reportDiagnostics } from '../scenario.ts';

export const formatCommand: Command = {
  name: 'format',
  summary: 'Format scenarios in place.',
  operands: 'FILE…',
  operandCount: [1, Number.POSITIVE_INFINITY],
  options: { check: { doc: 'Change nothing; exit code 1 if a file is not formatted.' } },
  details: ['A file with syntax errors is left as it is (exit code 2).'],
  examples: ['benchwright format *.bench', 'benchwright format --check *.bench'],
  async run(invocation, context) {
    const { files } = context.services;
    const { terminal } = context;
    const isCheck = invocation.flag('check');
    const paths = invocation.operands.map((path) => existingFile(path, context));
    const language = await context.services.language();
    let exitCode: ExitCode = EXIT_CODES.passed;
    let changed = 0;
    for (const file of paths) {
      const formatted = await language.format(file);
      if ('diagnostics' in formatted) {
        reportDiagnostics(formatted.diagnostics, context, 'The file is left as it is');
        exitCode = EXIT_CODES.scenario;
      } else if (formatted.text !== files.readText(file)) {
        changed += 1;
        if (!isCheck) files.writeText(file, formatted.text);
        terminal.writeOut(`${terminal.showPath(file)} ${isCheck ? 'is not formatted' : 'formatted'}\n`);
      }
    }
    if (isCheck && changed > 0 && exitCode === EXIT_CODES.passed) exitCode = EXIT_CODES.failed;
    if (changed === 0 && exitCode === EXIT_CODES.passed)
      terminal.writeOut(`${counted(paths.length, 'file')}: nothing to change.\n`);
    return exitCode;
  },
};
