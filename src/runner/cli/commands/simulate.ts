import type { OptionType } from '../../../contract/catalog/describe.ts';
import { SIMULATOR_OPTIONS } from '../../../contract/catalog/simulator.ts';
import { EXIT_CODES } from '../../../contract/errors.ts';
import { formatMeasured } from '../../../contract/format-measured.ts';
import type { Command, CommandContext, CommandOption } from '../command.ts';
import { listenToInterrupts } from '../interrupts.ts';
import { integerValue } from '../parse-arguments.ts';
import type { RunningSimulator, SimulatorLateness } from '../services.ts';

const DEFAULT_PORT = 8_000;
const DEFAULT_HOST = '127.0.0.1';
/** Answers under way are waited for so long after the first Ctrl-C. */
const DRAIN_MS = 10_000;

const VALUE_WORDS: Partial<Record<OptionType['kind'], string>> = {
  distribution: 'DISTRIBUTION',
  integer: 'N',
  flag: 'on|off',
};

/** The catalog's options of the simulator, by the name and in the words a scenario uses. */
const engineOptions: Readonly<Record<string, CommandOption>> = Object.fromEntries(
  Object.entries(SIMULATOR_OPTIONS).map(([name, { type, doc, defaultText }]) => [
    name,
    {
      value:
        type.kind === 'choice'
          ? Object.keys(type.choices).join('|')
          : type.kind === 'quantity'
            ? type.dimension === 'ratio'
              ? 'SHARE'
              : type.dimension.toUpperCase()
            : (VALUE_WORDS[type.kind] ?? 'VALUE'),
      doc: `${doc}${defaultText === undefined ? '' : ` Default: ${defaultText}.`}`,
    },
  ]),
);

export const simulateCommand: Command = {
  name: 'simulate',
  summary: 'Serve a simulated engine over HTTP, for any client.',
  operands: '',
  operandCount: [0, 0],
  options: {
    port: { value: 'N', doc: `Port; 0 takes a free one. Default: ${DEFAULT_PORT}.` },
    host: { value: 'ADDRESS', doc: `Address to listen on. Default: ${DEFAULT_HOST}, this machine only.` },
    record: { value: 'FILE', doc: 'Append when each token was written to this file, a JSON line per answer.' },
    model: { value: 'NAME', doc: 'The one model it answers to; without it, any.' },
    ...engineOptions,
  },
  details: [
    'It speaks the OpenAI API: chat and text completions, streamed or whole, and the list of models; /metrics under the names of vLLM, /health, /version and /tokenize.',
    'A DISTRIBUTION is written as in a scenario: 120ms, "normal(20ms, 3ms)", "lognormal(mean 120ms, p99 400ms)". Other values have units too: 60ms, "2048 tokens", "5 %".',
    'The first Ctrl-C lets answers under way finish, the second cuts them. docs/simulator.md explains the engine, its faults and its record.',
  ],
  examples: [
    'benchwright simulate --port 8000 --first-token "lognormal(mean 120ms, p99 400ms)" --inter-token 20ms',
    'benchwright simulate --engine batching --max-num-seqs 32 --record truth.jsonl',
    'benchwright simulate --fault-429 "2 %" --fault-cut "1 %"',
  ],
  async run(invocation, { services, terminal, signals }) {
    const port = integerValue(invocation, 'port', { min: 0, max: 65_535 }) ?? DEFAULT_PORT;
    const record = invocation.value('record');
    const texts = Object.fromEntries(
      [...Object.keys(engineOptions), 'model'].map((name) => [name, invocation.value(name)]),
    );
    const simulator = await services.startSimulator({
      port,
      host: invocation.value('host') ?? DEFAULT_HOST,
      ...(record === undefined ? {} : { recordFile: services.files.resolve(record) }),
      options: texts,
      onLate: (lateness) => terminal.writeError(`${lateLine(lateness)}\n`),
    });
    terminal.writeOut(`A simulated engine answers at ${simulator.url} (chat and text completions). Ctrl-C ends it.\n`);
    for (const [name, text] of simulator.settings) terminal.writeOut(`  ${name} ${text}\n`);
    if (record !== undefined) terminal.writeOut(`What it writes is recorded in ${record}.\n`);
    await serveUntilInterrupted(simulator, { signals, terminal });
    terminal.writeOut(`${summaryLine(await simulator.lateness())}\n`);
    return EXIT_CODES.passed;
  },
};

/** Resolves when it has stopped: in order at the first signal, at once at the second. */
function serveUntilInterrupted(
  simulator: RunningSimulator,
  { signals, terminal }: Pick<CommandContext, 'signals' | 'terminal'>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stopListening = listenToInterrupts(signals, (step) => {
      if (step === 'stop') terminal.writeError('Answers under way are finished. Ctrl-C again cuts them.\n');
      void simulator.stop(step === 'stop' ? { drainMs: DRAIN_MS } : {}).then(() => {
        stopListening();
        resolve();
      }, reject);
    });
  });
}

const ms = (value: number | undefined): string => formatMeasured(value ?? 0, 'ms', 3);

function lateLine({ tokens, p99Ms, maxMs }: SimulatorLateness): string {
  return `Late: of the last ${tokens} tokens, one in a hundred was written ${ms(p99Ms)} or more after its time (${ms(maxMs)} at most). This machine is too busy for what it is asked; what a client measures now contains that.`;
}

function summaryLine({ tokens, p50Ms, p99Ms, maxMs }: SimulatorLateness): string {
  return tokens === 0
    ? 'Stopped; no token was written.'
    : `Stopped after ${tokens} tokens, written ${ms(p50Ms)} (p50), ${ms(p99Ms)} (p99), ${ms(maxMs)} (at most) after their time.`;
}
