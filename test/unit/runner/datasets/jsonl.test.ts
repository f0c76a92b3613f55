import { describe, it, type TestContext } from 'node:test';
import assert from 'node:assert/strict';
import type { DatasetPlan } from '../../../../src/contract/plan.ts';
import type { Prompt } from '../../../../src/runner/datasets/dataset.ts';
import { loadDataset, openDataset } from '../../../../src/runner/datasets/registry.ts';
import {
  DATASET_CONTEXT,
  datasetPlan,
  describeDataset,
  firstPrompts,
  temporaryFile,
} from '../../../conformance/dataset-kit.ts';

const lines = (...entries: unknown[]): string => entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
const prompt = (text: unknown): object => ({ prompt: text });

describeDataset({
  id: 'jsonl',
  options: {},
  file: lines(prompt('the first of the prompts'), prompt('the second one, longer'), prompt('a third prompt to send')),
  refused: [
    {
      what: 'a line without the prompt, with what the line has',
      file: lines(prompt('a'), prompt('b'), { question: 'c', answer: 'd' }),
      code: 'RUN_DATASET_MALFORMED',
      message:
        /data\.jsonl:3: expected a text or a list of chat messages at \$\.prompt, found the fields `question`, `answer`/,
    },
    {
      what: 'a prompt that is a number',
      file: lines(prompt('a'), prompt(7)),
      code: 'RUN_DATASET_MALFORMED',
      message: /:2: .*found a number/,
    },
    {
      what: 'a message without a role',
      file: lines(prompt([{ role: 'user', content: 'a' }, { content: 'b' }])),
      code: 'RUN_DATASET_MALFORMED',
      message: /:1: .*found a turn without `from` or `role` \(number 2 in the list\)/,
    },
    {
      what: 'a line that is no object',
      file: `${lines(prompt('a'))}\n"just text"\n`,
      code: 'RUN_DATASET_MALFORMED',
      message: /:3: expected one JSON object per line, found `"just text"`/,
    },
    {
      what: 'a text that does not end on its line',
      file: `${lines(prompt('a'))}{"prompt": "b}\n${lines(prompt('c'))}`,
      code: 'RUN_DATASET_MALFORMED',
      message: /:2: .*a text that does not end on its line/,
    },
    {
      what: 'nothing but empty prompts',
      file: lines(prompt(''), prompt(' ')),
      code: 'RUN_DATASET_EMPTY',
      message: /none of its 2 entries can be used: 2 without a usable question/,
    },
  ],
});

async function load(
  test: TestContext,
  file: string,
  options: DatasetPlan['options'] = {},
  rest: Partial<DatasetPlan> = {},
): Promise<Prompt[]> {
  const plan = datasetPlan('jsonl', { ...options, path: temporaryFile(test, file) }, { freshPrefix: false, ...rest });
  const { data, size = 0 } = await loadDataset(plan, DATASET_CONTEXT);
  return firstPrompts(await openDataset(plan, data, DATASET_CONTEXT), size);
}

describe('JSON Lines', () => {
  it('carry their prompt where the plan says: a field, a path, a name with spaces', async (test) => {
    const file = lines({ q: { 'the text': ['x', 'found'] }, question: 'field' });
    const textAt = async (promptPath: string): Promise<string | undefined> =>
      (await load(test, file, { promptPath }))[0]?.text;
    assert.equal(await textAt('question'), 'field');
    assert.equal(await textAt('$.question'), 'field');
    assert.equal(await textAt(`$.q['the text'][1]`), 'found');
    assert.equal(await textAt(`$["question"]`), 'field');
  });

  it('refuse a path that may name many places, as a mistake of the scenario', async (test) => {
    for (const promptPath of ['$..text', '$.a[*]', '$.a[1:2]', '$[?(@.x)]', '$.', ''])
      await assert.rejects(load(test, lines(prompt('a')), { promptPath }), { code: 'RUN_PLAN_UNREADABLE' }, promptPath);
  });

  it('may carry whole chats, whose last answer only says how long one is wanted', async (test) => {
    const [first, second] = await load(
      test,
      lines(
        prompt([
          { role: 'system', content: 'Be kind.' },
          { role: 'user', content: 'Hello' },
          { role: 'assistant', content: 'Hi!' },
          { role: 'user', content: [{ type: 'text', text: 'Bye' }] },
        ]),
        prompt([
          { role: 'user', content: 'Count to eight' },
          { role: 'assistant', content: 'one two three four five six seven eight' },
        ]),
      ),
    );
    assert.deepEqual(
      first?.messages.map(({ role, content }) => `${role}: ${content}`),
      ['system: Be kind.', 'user: Hello', 'assistant: Hi!', 'user: Bye'],
    );
    assert.equal(first?.outputTokens, undefined);
    assert.deepEqual(second?.messages, [{ role: 'user', content: 'Count to eight' }]);
    assert.equal(second?.outputTokens, 10);
  });

  it('may say how many tokens are wanted, which the plan overrides', async (test) => {
    const file = lines({ prompt: 'a', limits: { out: 7 } }, { prompt: 'b', limits: { out: 9 } });
    const lengths = async (rest: Partial<DatasetPlan> = {}): Promise<unknown[]> =>
      (await load(test, file, { outputPath: '$.limits.out' }, rest)).map(({ outputTokens }) => outputTokens);
    assert.deepEqual(await lengths(), [7, 9]);
    assert.deepEqual(await lengths({ keep: { outputTokens: { min: 8, max: 10 } } }), [9]);
    assert.deepEqual(await lengths({ outputTokens: { kind: 'constant', value: 3 } }), [3, 3]);
  });

  it('must say it as a whole number of at least one', async (test) => {
    for (const out of [0, -1, 2.5, '7', null])
      await assert.rejects(load(test, lines({ prompt: 'a', out }), { outputPath: 'out' }), {
        code: 'RUN_DATASET_MALFORMED',
        message: /:1: expected a whole number of tokens, at least 1, at out/,
      });
  });

  it('may be limited and sampled', async (test) => {
    const file = lines(...Array.from({ length: 50 }, (_, index) => prompt(`prompt ${index}`)));
    assert.deepEqual(
      (await load(test, file, { limit: 2 })).map(({ text }) => text),
      ['prompt 0', 'prompt 1'],
    );
    const sampled = await load(test, file, { limit: 20, sample: 5 });
    assert.equal(sampled.length, 5);
    assert.ok(sampled.every(({ text }) => Number(text.split(' ')[1]) < 20));
  });
});

describe('jsonl with arrival times', () => {
  const open = async (t: TestContext, text: string, options: DatasetPlan['options']) => {
    const dataset = datasetPlan('jsonl', { path: temporaryFile(t, text), timestampPath: '$.at', ...options });
    const loaded = await loadDataset(dataset, DATASET_CONTEXT);
    const source = await openDataset(dataset, loaded.data, DATASET_CONTEXT);
    return { loaded, source };
  };
  const at = (time: unknown, text: string): object => ({ at: time, prompt: text });
  const cases: [name: string, file: string, options: DatasetPlan['options'], arrivalsMs: number[]][] = [
    ['in ms', lines(at(1_000, 'a'), at(1_250, 'b')), {}, [0, 250]],
    ['in seconds', lines(at(10, 'a'), at(10.5, 'b')), { timestampUnit: 's' }, [0, 500]],
    ['as dates', lines(at('2026-03-01T12:00:00Z', 'a'), at('2026-03-01T12:00:01.5Z', 'b')), {}, [0, 1_500]],
    ['out of order: put in order', lines(at(300, 'c'), at(100, 'a'), at(200, 'b')), {}, [0, 100, 200]],
    ['the same prompt twice arrives twice', lines(at(0, 'a'), at(10, 'a')), {}, [0, 10]],
  ];
  for (const [name, file, options, arrivalsMs] of cases)
    it(name, async (t) => {
      const { loaded, source } = await open(t, file, options);
      assert.deepEqual([...(source.arrivalsMs ?? [])], arrivalsMs);
      assert.equal(loaded.arrivalSpanMs, arrivalsMs.at(-1));
      const texts = arrivalsMs.map((_, index) => source.promptAt(index).messages.at(-1)?.content.at(-1));
      assert.ok(
        texts.every((text, index) => index === 0 || (text ?? '') >= (texts[index - 1] ?? '')),
        texts.join(' '),
      );
    });

  it('refuses a line without one, and says where', async (t) => {
    await assert.rejects(
      open(t, lines(at(1, 'a'), { prompt: 'b' }), {}),
      /:2: expected a number or a date and time at \$\.at, found nothing/,
    );
  });

  it('lists of messages can be carried on turn by turn', async (t) => {
    const messages = [1, 2].flatMap((number) => [
      { role: 'user', content: `question ${number}` },
      { role: 'assistant', content: `answer ${number}` },
    ]);
    const { source } = await open(t, lines({ at: 0, prompt: messages }), { turns: 'all' });
    assert.equal(source.sessions?.sessionAt(0).turns, 2);
  });
});
