import type { DatasetEntry, OptionEntry } from './describe.ts';

const input: OptionEntry = {
  planKey: 'inputTokens',
  type: { kind: 'distribution', dimension: 'tokens' },
  doc: 'Prompt length.',
  defaultText: '512 tokens',
};
const turns: OptionEntry = {
  planKey: 'turns',
  defaultText: 'first',
  doc: 'Which turns of a conversation are sent.',
  type: {
    kind: 'any-of',
    of: [
      {
        kind: 'choice',
        choices: {
          first: 'Only the first question.',
          all: 'The whole conversation, turn by turn, each with its history.',
        },
      },
      { kind: 'integer', min: 1 },
    ],
  },
};
const answers: OptionEntry = {
  planKey: 'answers',
  doc: 'Which answers stand in the history of later turns: `model` where nothing is said.',
  type: {
    kind: 'choice',
    choices: {
      model: 'What the model really said: its prefix cache is of use, as in the field.',
      recorded: 'What the dataset has: every run sends the same prompts.',
    },
  },
};
const think: OptionEntry = {
  planKey: 'thinkMs',
  type: { kind: 'distribution', dimension: 'duration' },
  doc: 'How long the user of a conversation thinks before the next turn, once the answer is there. A `think` of the stage goes before it.',
};
const sample: OptionEntry = {
  planKey: 'sample',
  type: { kind: 'integer', min: 1 },
  doc: "Use a random sample of this many entries; drawn with the dataset's seed.",
};
const limit: OptionEntry = {
  planKey: 'limit',
  type: { kind: 'integer', min: 1 },
  doc: 'Use at most this many entries, from the beginning.',
};
const template: OptionEntry = {
  planKey: 'template',
  type: { kind: 'file', extensions: ['hbs', 'txt', 'md'] },
  doc: "Prompt template; `{{prompt}}` and the entry's fields are filled in.",
  unavailable: true,
};
const sharedPrefix: Record<string, OptionEntry> = {
  'shared-prefix': {
    planKey: 'sharedPrefixRatio',
    type: { kind: 'quantity', dimension: 'ratio', min: 0, max: 1 },
    doc: 'Share of each prompt that is the same within a group: for KV-cache and router experiments.',
  },
  groups: {
    planKey: 'prefixGroups',
    type: { kind: 'integer', min: 1 },
    doc: 'Number of groups with a prefix of their own.',
    defaultText: '1',
  },
};
const promptPath: OptionEntry = {
  planKey: 'promptPath',
  type: { kind: 'jsonpath' },
  doc: 'Where an entry carries its prompt: a field name or a JSONPath (`$.question`). A string, or a list of chat messages.',
  defaultText: '"$.prompt"',
};

const base = { ownOutputLength: false, endless: false, arrivals: false } as const;
const file = (doc: string, ...extensions: string[]): NonNullable<DatasetEntry['argument']> => ({
  planKey: 'path',
  doc,
  type: { kind: 'file', extensions },
});

export const DATASETS: readonly DatasetEntry[] = [
  {
    ...base,
    id: 'random',
    endless: true,
    doc: 'Prompts of random words with chosen token lengths; needs no file.',
    options: {
      input,
      ...sharedPrefix,
      prompt: {
        planKey: 'prompt',
        type: { kind: 'text' },
        doc: 'Text sent with generated images (`images 2 of 512 x 512`).',
        unavailable: true,
      },
    },
  },
  {
    ...base,
    id: 'sharegpt',
    ownOutputLength: true,
    doc: "Recorded conversations in ShareGPT's JSON form.",
    argument: file('ShareGPT JSON file.', 'json', 'jsonl'),
    options: { turns, answers, think, sample, limit, ...sharedPrefix, template },
  },
  {
    ...base,
    id: 'jsonl',
    doc: 'One JSON object per line, with a prompt in each.',
    argument: file('JSON Lines file.', 'jsonl', 'ndjson'),
    options: {
      prompt: promptPath,
      'output-field': {
        planKey: 'outputPath',
        type: { kind: 'jsonpath' },
        doc: 'Where an entry carries its wanted number of output tokens.',
      },
      timestamp: {
        planKey: 'timestampPath',
        type: { kind: 'jsonpath' },
        doc: 'Where an entry carries its arrival time, for `replay`: a number, or a date and time such as `2026-03-01T12:00:00Z`.',
      },
      'timestamp-unit': {
        planKey: 'timestampUnit',
        type: { kind: 'choice', choices: { ms: 'Milliseconds.', s: 'Seconds.' } },
        doc: 'What a timestamp that is a number counts: `ms` where nothing is said.',
      },
      turns: {
        planKey: 'turns',
        doc: 'Sends the questions of a list of chat messages turn by turn; where nothing is said the whole list is one prompt.',
        type: turns.type,
      },
      answers,
      think,
      sample,
      limit,
      template,
    },
  },
  {
    ...base,
    id: 'sonnet',
    unavailable: true,
    endless: true,
    doc: 'Lines of verse, assembled to chosen lengths with a common prefix.',
    options: {
      input,
      prefix: {
        planKey: 'prefixTokens',
        type: { kind: 'quantity', dimension: 'tokens', min: 0 },
        doc: 'Length of the common prefix.',
      },
    },
  },
  {
    ...base,
    id: 'huggingface',
    unavailable: true,
    ownOutputLength: true,
    doc: 'A data set from the Hugging Face hub.',
    argument: { planKey: 'repository', type: { kind: 'text' }, doc: '`organisation/name`.' },
    options: {
      split: { planKey: 'split', type: { kind: 'text' }, doc: 'Split to read.', defaultText: '"train"' },
      prompt: {
        planKey: 'promptColumn',
        type: { kind: 'text', label: 'column' },
        doc: 'Column that carries the prompt.',
      },
      sample,
      limit,
    },
  },
  {
    ...base,
    id: 'files',
    unavailable: true,
    doc: 'Files sent as they are: audio, images, documents.',
    argument: { planKey: 'glob', type: { kind: 'file', extensions: [], glob: true }, doc: 'Glob of the files.' },
    options: {
      as: {
        planKey: 'as',
        type: { kind: 'choice', choices: { audio: 'Audio clips.', image: 'Images.', text: 'Documents.' } },
        doc: 'What the files are.',
      },
      prompt: { planKey: 'prompt', type: { kind: 'text' }, doc: 'Text sent with each file.' },
      limit,
    },
  },
  {
    ...base,
    id: 'trace',
    unavailable: true,
    arrivals: true,
    ownOutputLength: true,
    doc: 'A recorded trace: arrival times, lengths and prefix-block hashes.',
    argument: file('Mooncake-style JSON Lines trace.', 'jsonl'),
    options: { limit },
  },
];

export function findDataset(id: string): DatasetEntry | undefined {
  return DATASETS.find((each) => each.id === id);
}
