import { EXIT_CODES } from '../../../contract/errors.ts';
import { UsageError, type Command } from '../command.ts';

export const languageServerCommand: Command = {
  name: 'language-server',
  summary: 'Serve the language to an editor over stdio.',
  operands: '',
  operandCount: [0, 0],
  options: { stdio: { doc: 'Speak the Language Server Protocol over standard input and output.' } },
  details: [
    'For editors other than VS Code: name `benchwright language-server --stdio` as the server of *.bench files.',
  ],
  examples: [],
  async run(invocation, { services }) {
    if (!invocation.flag('stdio'))
      throw new UsageError(
        '`language-server` needs `--stdio`.',
        'An editor starts it; there is nothing to see in a terminal.',
      );
    await services.serveLanguage();
    return EXIT_CODES.passed;
  },
};
