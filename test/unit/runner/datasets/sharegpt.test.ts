import { describe, it, type TestContext } from 'node:test';
import assert from 'node:assert/strict';
import type { DatasetPlan } from '../../../../src/contract/plan.ts';
import type { DatasetContext, Prompt } from '../../../../src/runner/datasets/dataset.ts';
import { loadDataset, openDataset } from '../../../../src/runner/datasets/registry.ts';
import {
  DATASET_CONTEXT,
  datasetPlan,
  describeDataset,
  firstPrompts,
  temporaryFile,
} from '../../../conformance/dataset-kit.ts';

const turn = (from: string, value: unknown): object => ({ from, value });
const conversation = (...turns: object[]): object => ({ id: 'x', conversations: turns });
const numbered = (count: number): object[] =>
  Array.from({ length: count }, (_, index) =>
    conversation(turn('human', `question number ${index} of the file`), turn('gpt', 'word '.repeat(index + 1))),
  );

describeDataset({
  id: 'sharegpt',
  options: { turns: 'first' },
  file: `${JSON.stringify(numbered(5), null, 2)}\n`,
  refused: [
    {
      what: 'entries of another form',
      file: '[\n{"prompt": "a"},\n{"prompt": "b"}]',
      code: 'RUN_DATASET_MALFORMED',
      message: /data\.jsonl:2: expected objects like .*conversations.*found an object with the fields `prompt`/,
    },
    {
      what: 'JSON that is broken in its third line',
      file: '[{"conversations":\n [{"from": "human",\n "value": "a" "b"}]}]',
      code: 'RUN_DATASET_MALFORMED',
      message: /data\.jsonl:3: .*cannot be read/,
    },
    {
      what: 'bytes that are no text',
      file: Buffer.concat([Buffer.from('[\n{"conversations": "'), Buffer.of(0xc3, 0x28), Buffer.from('"}]')]),
      code: 'RUN_DATASET_MALFORMED',
      message: /data\.jsonl:2: expected UTF-8 text, found bytes that are none/,
    },
    {
      what: 'a file whose conversations are all unusable, with what was left out',
      file: JSON.stringify([
        conversation(),
        conversation(turn('gpt', 'x')),
        { other: 1 },
        conversation(turn('tool', 'x')),
      ]),
      code: 'RUN_DATASET_EMPTY',
      message:
        /none of its 4 entries.*2 without a usable question, 1 without a list of turns, 1 with a turn of an unknown speaker "tool"/,
    },
  ],
});

interface Result {
  readonly prompts: readonly Prompt[];
  readonly notes: string;
}

async function load(
  test: TestContext,
  entries: readonly unknown[] | string,
  options: DatasetPlan['options'] = {},
  rest: Partial<DatasetPlan> = {},
  context: Partial<DatasetContext> = {},
): Promise<Result> {
  const path = temporaryFile(test, typeof entries === 'string' ? entries : JSON.stringify(entries));
  const plan = datasetPlan('sharegpt', { turns: 'first', ...options, path }, { freshPrefix: false, ...rest });
  const { data, notes, size = 0 } = await loadDataset(plan, { ...DATASET_CONTEXT, ...context });
  return { prompts: firstPrompts(await openDataset(plan, data, DATASET_CONTEXT), size), notes: notes.join(' ') };
}

const texts = (prompts: readonly Prompt[]): (string | undefined)[] =>
  prompts.map(({ messages }) => messages.at(-1)?.content);

describe('ShareGPT conversations', () => {
  const long = conversation(
    turn('system', 'Be terse.'),
    turn('human', 'one'),
    turn('gpt', 'first answer'),
    turn('human', 'two'),
    turn('gpt', 'second answer, of some length'),
    turn('human', 'three'),
    turn('gpt', 'third'),
  );

  it('give their first question, with the system message', async (test) => {
    const { prompts } = await load(test, [long]);
    assert.deepEqual(prompts, [
      {
        messages: [
          { role: 'system', content: 'Be terse.' },
          { role: 'user', content: 'one' },
        ],
        text: 'Be terse.\n\nUser: one\n\nAssistant:',
        inputTokens: 4,
        outputTokens: 3,
      },
    ]);
  });

  it('give all questions or the first few, each with its recorded history', async (test) => {
    const { prompts } = await load(test, [long, ...numbered(1)], { turns: 'all' });
    assert.deepEqual(texts(prompts), ['one', 'two', 'three', 'question number 0 of the file']);
    assert.deepEqual(
      prompts.map(({ session, turn: number, messages }) => [session, number, messages.length]),
      [
        ['0', 1, 2],
        ['0', 2, 4],
        ['0', 3, 6],
        ['1', 1, 1],
      ],
    );
    assert.equal(prompts[1]?.messages[2]?.content, 'first answer');
    assert.deepEqual(texts((await load(test, [long], { turns: 2 })).prompts), ['one', 'two']);
  });

  it('ask for answers as long as the recorded ones, unless the plan says how long', async (test) => {
    const countTokens = (text: string): number => text.split(' ').length;
    const { prompts } = await load(test, [long], { turns: 'all' }, {}, { countTokens });
    assert.deepEqual(
      prompts.map(({ inputTokens, outputTokens }) => [inputTokens, outputTokens]),
      [
        [3, 2],
        [6, 5],
        [12, 1],
      ],
    );
    const fixed = await load(test, [long], {}, { outputTokens: { kind: 'constant', value: 77 } });
    assert.equal(fixed.prompts[0]?.outputTokens, 77);
  });

  it('are put in order where they are not', async (test) => {
    const { prompts } = await load(
      test,
      [
        conversation(
          turn('gpt', 'a greeting nobody asked for'),
          turn('human', '  '),
          turn('human', 'one'),
          turn('human', 'and one more'),
          turn('gpt', ''),
          turn('gpt', 'an answer'),
          turn('system', 'late'),
          turn('gpt', 'and more of it'),
          turn('human', 'unanswered'),
        ),
      ],
      { turns: 'all' },
    );
    assert.deepEqual(texts(prompts), ['one\n\nand one more']);
    assert.equal(prompts[0]?.outputTokens, Math.ceil('an answer\n\nand more of it'.length / 4));
  });

  it('may have other names for the list, the speakers and the text', async (test) => {
    const { prompts } = await load(test, [
      {
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: 'x' },
        ],
      },
      { conversation: [turn('User', 'b'), turn('ChatGPT', 'x')] },
      { conversations: [{ role: 'user', content: [{ type: 'text', text: 'c' }] }, turn('bard', 'x')] },
    ]);
    assert.deepEqual(texts(prompts), ['a', 'b', 'c']);
  });

  it('stand in a list or one per line, with any white space', async (test) => {
    const [first, second] = numbered(2).map((each) => JSON.stringify(each));
    for (const file of [
      `[${first},${second}]`,
      `${first}\n${second}`,
      `\n\n${first}\r\n\n${second}\n`,
      `[\n${first}\n,\n${second}\n]\n`,
    ])
      assert.equal((await load(test, file)).prompts.length, 2, file);
  });

  it('are sent once, however often they stand in the file, and the notes say what was left out', async (test) => {
    const { prompts, notes } = await load(test, [...numbered(3), ...numbered(2), conversation(turn('gpt', 'x')), {}]);
    assert.equal(prompts.length, 3);
    assert.match(notes, /7 entries .* read, 3 kept/);
    assert.match(notes, /2 that repeat an earlier one, 1 without a usable question, 1 without a list of turns/);
  });

  it('are kept by their lengths, questions of one conversation each for itself', async (test) => {
    const keep = { inputTokens: { min: 3, max: 6 }, outputTokens: { min: 2, max: 100 } };
    const countTokens = (text: string): number => text.split(' ').length;
    const { prompts, notes } = await load(test, [long, ...numbered(2)], { turns: 'all' }, { keep }, { countTokens });
    assert.deepEqual(texts(prompts), ['one', 'two', 'question number 0 of the file', 'question number 1 of the file']);
    assert.doesNotMatch(notes, /estimated/);
    const none = await load(test, [...numbered(3), long], {}, { keep: { inputTokens: { min: 1, max: 5 } } });
    assert.deepEqual(texts(none.prompts), ['one']);
    assert.match(none.notes, /3 outside `keep`/);
    assert.match(none.notes, /estimated/);
  });

  it('are read only as far as the limit needs, so that a broken end is not seen', async (test) => {
    const file = `${numbered(5)
      .map((each) => JSON.stringify(each))
      .join('\n')}\n{"conversations": [`;
    const { prompts, notes } = await load(test, file, { limit: 3 });
    assert.deepEqual(
      texts(prompts),
      [0, 1, 2].map((index) => `question number ${index} of the file`),
    );
    assert.match(notes, /3 entries \(as many as were needed\)/);
  });

  it('are drawn at random by the seed, without repetition and from the whole file', async (test) => {
    const draw = async (seed: number): Promise<(string | undefined)[]> =>
      texts((await load(test, numbered(300), { sample: 20 }, { seed })).prompts);
    const [first, again, other] = [await draw(1), await draw(1), await draw(2)];
    assert.deepEqual(first, again);
    assert.notDeepEqual(first, other);
    assert.equal(new Set(first).size, 20);
    const numbers = first.map((text) => Number(/\d+/.exec(text ?? '')?.[0]));
    assert.ok(Math.max(...numbers) > 150 && Math.min(...numbers) < 150);
    assert.notDeepEqual(
      numbers,
      numbers.toSorted((a, b) => a - b),
    );
    const few = await load(test, numbered(15), { sample: 20 }, { seed: 1 });
    assert.equal(few.prompts.length, 15);
    assert.notDeepEqual(texts(few.prompts), texts((await load(test, numbered(15))).prompts));
    assert.match(few.notes, /sample of 20 has 15 entries/);
  });

  it('are drawn from those that are kept', async (test) => {
    const { prompts } = await load(
      test,
      numbered(200),
      { sample: 10 },
      { keep: { outputTokens: { min: 1, max: 20 } } },
      { countTokens: (text) => text.trim().split(' ').length },
    );
    assert.equal(prompts.length, 10);
    assert.ok(prompts.every(({ outputTokens = 99 }) => outputTokens <= 20));
  });

  it('keep their text to the last character', async (test) => {
    const value = 'naïve “quotes” 🙂 世界\n\ttab\u2028\\ "x" \u0000';
    const { prompts } = await load(test, [conversation(turn('human', value), turn('gpt', 'x')), ...numbered(1)]);
    assert.deepEqual(texts(prompts), [value, 'question number 0 of the file']);
  });

  it('get a common head within a conversation, of which they know the length', async (test) => {
    const { prompts } = await load(test, [long, ...numbered(1)], { turns: 'all' }, { freshPrefix: true });
    const heads = prompts.map(({ messages }) => messages[0]?.content.split('\n\n')[0]);
    assert.equal(new Set(heads.slice(0, 3)).size, 1);
    assert.notEqual(heads[3], heads[0]);
    assert.equal(heads[0]?.split(' ').length, 8);
    assert.equal(prompts[0]?.inputTokens, 4 + 8);
  });
});

describe('sharegpt as conversations that are carried on', () => {
  const three = conversation(
    turn('system', 'Be brief.'),
    ...[1, 2, 3].flatMap((number) => [turn('human', `question ${number}`), turn('gpt', `recorded ${number}`)]),
  );
  const open = async (t: TestContext, options: DatasetPlan['options'], plan: Partial<DatasetPlan> = {}) => {
    const path = temporaryFile(t, JSON.stringify([three, conversation(turn('human', 'alone'), turn('gpt', 'x'))]));
    const dataset = { ...datasetPlan('sharegpt', { path, turns: 'all', ...options }), freshPrefix: false, ...plan };
    const { data } = await loadDataset(dataset, DATASET_CONTEXT);
    const { sessions } = await openDataset(dataset, data, DATASET_CONTEXT);
    assert.ok(sessions);
    return sessions;
  };
  const contents = ({ messages }: Prompt): readonly string[] => messages.map(({ content }) => content);

  it('later turns carry what the model said', async (t) => {
    const sessions = await open(t, {});
    assert.equal(sessions.size, 2);
    const session = sessions.sessionAt(0);
    assert.equal(session.turns, 3);
    assert.deepEqual(contents(session.promptAt(1, [])), ['Be brief.', 'question 1']);
    const third = session.promptAt(3, ['said 1', 'said 2']);
    assert.deepEqual(contents(third), ['Be brief.', 'question 1', 'said 1', 'question 2', 'said 2', 'question 3']);
    assert.deepEqual([third.session, third.turn, third.turns, third.inputTokens], ['0', 3, 3, undefined]);
    assert.equal(sessions.sessionAt(1).turns, 1);
  });

  it('or what was recorded', async (t) => {
    const session = (await open(t, { answers: 'recorded' })).sessionAt(0);
    const second = session.promptAt(2, ['said 1']);
    assert.deepEqual(contents(second), ['Be brief.', 'question 1', 'recorded 1', 'question 2']);
    assert.ok((second.inputTokens ?? 0) > 0);
  });

  it('a later turn begins as the earlier ones did, also with a prefix in front of it', async (t) => {
    for (const plan of [{ freshPrefix: true }, { options: { sharedPrefixRatio: 0.5 } }]) {
      const sessions = await open(t, plan.options ?? {}, { freshPrefix: plan.freshPrefix ?? false });
      const session = sessions.sessionAt(0);
      const [first] = contents(session.promptAt(1, []));
      assert.ok(first?.endsWith('Be brief.') === true && first.length > 'Be brief.'.length);
      assert.equal(contents(session.promptAt(3, ['a', 'b']))[0], first);
      // The second time round nothing is known to the server.
      if (plan.freshPrefix === true) assert.notEqual(contents(sessions.sessionAt(2).promptAt(1, []))[0], first);
    }
  });

  it('thinks as long as it says, the same for every worker', async (t) => {
    const think = { kind: 'exponential', mean: 500 } as const;
    const [one, other] = [await open(t, { thinkMs: think }), await open(t, { thinkMs: think })];
    const pauses = (sessions: typeof one): number[] =>
      Array.from({ length: 2_000 }, (_, index) => sessions.sessionAt(index).thinkMs(2));
    assert.deepEqual(pauses(one), pauses(other));
    const mean = pauses(one).reduce((sum, each) => sum + each, 0) / 2_000;
    assert.ok(Math.abs(mean - 500) < 50, `${mean}`);
    assert.equal((await open(t, {})).sessionAt(0).thinkMs(2), 0);
  });
});
