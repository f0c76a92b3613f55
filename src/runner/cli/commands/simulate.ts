import { findBackend } from '../../../contract/catalog/backends.ts';
import { EXIT_CODES } from '../../../contract/errors.ts';
import type { Command, CommandOption } from '../command.ts';
import { listenToInterrupts } from '../interrupts.ts';
import { integerValue } from '../parse-arguments.ts';

const DEFAULT_PORT = 8_000;

/** The catalog's options of the simulator, by the name and in the words a scenario uses. */
const engineOptions: Readonly<Record<string, CommandOption>> = Object.fromEntries(
  Object.entries(findBackend('simulator')?.options ?? {}).map(([name, entry]) => [
    name,
    {
      value: entry.type.kind === 'distribution' ? 'DISTRIBUTION' : 'VALUE',
      doc: `${entry.doc}${entry.defaultText === undefined ? '' : ` Default: ${entry.defaultText}.`}`,
    },
  ]),
);

export const simulateCommand: Command = {
  name: 'simulate',
  summary: 'Serve a simulated engine over HTTP, for any client.',
  operands: '',
  operandCount: [0, 0],
  options: {
    port: { value: 'N', doc: `Port on 127.0.0.1; 0 takes a free one. Default: ${DEFAULT_PORT}.` },
    ...engineOptions,
    model: { value: 'NAME', doc: 'The one model it answers to; without it, any.' },
  },
  details: [
    'It speaks the OpenAI API: chat and text completions, streamed or whole, and the list of models.',
    'A DISTRIBUTION is written as in a scenario: 120ms, "normal(20ms, 3ms)", "lognormal(mean 120ms, p99 400ms)".',
  ],
  examples: ['benchwright simulate --port 8000 --first-token "lognormal(mean 120ms, p99 400ms)" --inter-token 20ms'],
  async run(invocation, { services, terminal, signals }) {
    const port = integerValue(invocation, 'port', { min: 0, max: 65_535 }) ?? DEFAULT_PORT;
    const options = Object.fromEntries(
      [...Object.keys(engineOptions), 'model'].map((name) => [name, invocation.value(name)]),
    );
    const simulator = await services.startSimulator(port, options);
    terminal.writeOut(`A simulated engine answers at ${simulator.url} (chat and text completions). Ctrl-C ends it.\n`);
    await new Promise<void>((resolve) => {
      const stopListening = listenToInterrupts(signals, () => {
        stopListening();
        resolve();
      });
    });
    await simulator.stop();
    return EXIT_CODES.passed;
  },
};
