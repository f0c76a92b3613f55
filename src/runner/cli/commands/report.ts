import { REPORTS } from '../../../contract/catalog/reports.ts';
import { EXIT_CODES } from '../../../contract/errors.ts';
import { UsageError, type Command } from '../command.ts';

const FORMATS = REPORTS.map((each) => each.id);

export const reportCommand: Command = {
  name: 'report',
  summary: "Make a run's reports again from its record, torn or whole.",
  operands: 'RESULT-DIR',
  operandCount: [1, 1],
  options: {
    format: {
      value: FORMATS.join(','),
      choices: FORMATS,
      list: true,
      doc: 'Which reports to write, separated by commas; without it those the scenario asks for.',
    },
  },
  details: ["RESULT-DIR is one run's directory: chat.bench.results/<UTC time>-<benchmark>."],
  examples: ['benchwright report chat.bench.results/2026-11-21T12-00-00Z-chat --format html,markdown'],
  async run(invocation, { services, terminal }) {
    const [path = ''] = invocation.operands;
    const directory = services.files.resolve(path);
    if (!services.files.isDirectory(directory))
      throw new UsageError(
        `There is no directory ${path}.`,
        'Name the directory of one run, with requests.jsonl in it.',
      );
    const formats = invocation.values('format');
    const { report, files } = await services.renderReport(directory, formats.length === 0 ? undefined : formats);
    if (report.run.running === true)
      terminal.writeError('The run still goes on: the figures are of what it has recorded so far.\n');
    if (report.run.torn === true)
      terminal.writeError(
        'The record ends before the run did: it was killed. The figures are of what was recorded until then.\n',
      );
    for (const file of Object.values(files)) terminal.writeOut(`${terminal.showPath(file)}\n`);
    return EXIT_CODES.passed;
  },
};
