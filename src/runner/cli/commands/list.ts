import { BACKENDS } from '../../../contract/catalog/backends.ts';
import { DATASETS } from '../../../contract/catalog/datasets.ts';
import { MONITORS } from '../../../contract/catalog/monitors.ts';
import { REPORTS } from '../../../contract/catalog/reports.ts';
import type { CatalogEntry } from '../../../contract/catalog/describe.ts';
import { EXIT_CODES } from '../../../contract/errors.ts';
import { METRICS } from '../../../contract/metrics.ts';
import { nearest } from '../../../contract/nearest.ts';
import { padEnd, wrap } from '../../terminal/layout.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import { UsageError, type Command } from '../command.ts';

interface Item {
  readonly name: string;
  readonly doc: string;
  /** Said on a line of its own, e.g. the formula. */
  readonly note?: string;
  readonly isUnavailable?: boolean;
}

const fromCatalog = (entries: readonly CatalogEntry[]): readonly Item[] =>
  entries.map((each) => ({
    name: each.id,
    doc: each.doc,
    ...(each.unavailable === true ? { isUnavailable: true } : {}),
  }));

const LISTS: Readonly<Record<string, () => readonly Item[]>> = {
  backends: () => fromCatalog(BACKENDS),
  datasets: () => fromCatalog(DATASETS),
  monitors: () => fromCatalog(MONITORS),
  reports: () => fromCatalog(REPORTS),
  metrics: () =>
    METRICS.map((each) => ({
      name: each.id,
      doc: each.doc,
      note: `= ${each.formula}, in ${each.unit}`,
    })),
};

export const listCommand: Command = {
  name: 'list',
  summary: 'Show what a scenario may name.',
  operands: Object.keys(LISTS).join('|'),
  operandCount: [1, 1],
  options: {
    format: { value: 'text|json', choices: ['text', 'json'], doc: 'text (the default) or json.' },
  },
  details: [],
  examples: ['benchwright list backends', 'benchwright list metrics --format json'],
  async run(invocation, { terminal }) {
    const [what = ''] = invocation.operands;
    const items = LISTS[what]?.();
    if (items === undefined) {
      const guess = nearest(what, Object.keys(LISTS));
      throw new UsageError(
        `There is no list of \`${what}\`.`,
        `${guess === undefined ? '' : `Did you mean \`${guess}\`? `}There are ${Object.keys(LISTS).join(', ')}.`,
      );
    }
    if (invocation.value('format') === 'json')
      terminal.writeOut(
        `${JSON.stringify(
          items.map(({ isUnavailable, ...item }) => ({ ...item, available: isUnavailable !== true })),
          undefined,
          2,
        )}\n`,
      );
    else terminal.writeOut(`${renderItems(items, terminal).join('\n')}\n`);
    return EXIT_CODES.passed;
  },
};

function renderItems(items: readonly Item[], { columns, style }: Terminal): readonly string[] {
  const nameColumns = Math.max(...items.map((each) => each.name.length)) + 2;
  return items.flatMap(({ name, doc, note, isUnavailable }) => {
    const words = isUnavailable === true ? `${doc} ${style.warning('Not available yet.')}` : doc;
    const lines = wrap(words, Math.max(30, columns - nameColumns));
    return [...lines, ...(note === undefined ? [] : [style.dim(note)])].map(
      (line, index) => (index === 0 ? style.accent(padEnd(name, nameColumns)) : ' '.repeat(nameColumns)) + line,
    );
  });
}
