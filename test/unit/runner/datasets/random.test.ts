import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { DatasetPlan } from '../../../../src/contract/plan.ts';
import type { DatasetContext, LoadedDataset, PromptSource } from '../../../../src/runner/datasets/dataset.ts';
import { loadDataset, openDataset } from '../../../../src/runner/datasets/registry.ts';
import { openTokenizer } from '../../../../src/runner/tokenizers/open-tokenizer.ts';
import { DATASET_CONTEXT, datasetPlan, describeDataset, firstPrompts } from '../../../conformance/dataset-kit.ts';

describeDataset({ id: 'random', options: { inputTokens: { kind: 'normal', mean: 40, stddev: 8 } } });

const tiny = join(import.meta.dirname, '../../../fixtures/tokenizers/tiny/tokenizer.json');

async function load(
  plan: DatasetPlan,
  context: Partial<DatasetContext> = {},
): Promise<{ readonly loaded: LoadedDataset; readonly source: PromptSource }> {
  const loaded = await loadDataset(plan, { ...DATASET_CONTEXT, ...context });
  return { loaded, source: await openDataset(plan, structuredClone(loaded.data), { ...DATASET_CONTEXT, ...context }) };
}

const words = (text: string): string[] => text.split(' ');

describe('random prompts', () => {
  it('have as many words as tokens are asked, and say what that assumes', async () => {
    const { loaded, source } = await load(
      datasetPlan('random', { inputTokens: { kind: 'uniform', min: 1, max: 300 } }),
    );
    assert.equal(source.size, undefined);
    assert.match(loaded.notes.join(), /one token each/);
    const prompts = firstPrompts(source, 400);
    for (const { text, inputTokens } of prompts) assert.equal(words(text).length, inputTokens);
    const lengths = prompts.map(({ inputTokens = Number.NaN }) => inputTokens);
    assert.ok(Math.min(...lengths) < 10 && Math.max(...lengths) > 290);
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    // Four standard errors of a uniform distribution.
    assert.ok(Math.abs(mean - 150.5) < (4 * 86.6) / Math.sqrt(lengths.length), `${mean}`);
  });

  it('have exactly the asked length by a local tokenizer, even one that knows few of the words', async () => {
    const tokenizer = await openTokenizer({ kind: 'file', path: tiny });
    assert.ok(tokenizer !== undefined);
    const countTokens = (text: string): number => tokenizer.count(text);
    const { loaded, source } = await load(
      datasetPlan('random', { inputTokens: { kind: 'uniform', min: 1, max: 200 } }),
      { countTokens },
    );
    assert.match(loaded.notes.join(), /exact by the local tokenizer/);
    for (const { text, inputTokens } of firstPrompts(source, 100)) assert.equal(countTokens(text), inputTokens, text);
  });

  it('say how far off their lengths are where a tokenizer does not count word by word', async () => {
    const { loaded } = await load(datasetPlan('random', { inputTokens: 50 }), {
      countTokens: (text) => words(text).length + Math.floor(words(text).length / 10),
    });
    assert.match(loaded.notes.join(), /off by up to \d+\.\d %/);
  });

  it('differ from the first word on', async () => {
    const { source } = await load(datasetPlan('random', { inputTokens: 512 }));
    const starts = firstPrompts(source, 300).map(({ text }) => words(text).slice(0, 3).join(' '));
    assert.equal(new Set(starts).size, 300);
  });

  it('differ with the seed of the dataset, and with that of the run where it has none', async () => {
    const text = async (seed: number, own?: number): Promise<string> => {
      const plan = datasetPlan(
        'random',
        { inputTokens: 9 },
        { freshPrefix: false, ...(own === undefined ? {} : { seed: own }) },
      );
      return (await load(plan, { seed })).source.promptAt(0).text;
    };
    assert.notEqual(await text(1), await text(2));
    assert.equal(await text(1, 5), await text(2, 5));
  });

  it('stay within the lengths to be kept', async () => {
    const keep = { inputTokens: { min: 90, max: 110 } };
    const { source } = await load(
      datasetPlan('random', { inputTokens: { kind: 'normal', mean: 100, stddev: 200 } }, { keep }),
    );
    const lengths = firstPrompts(source, 200).map(({ text }) => words(text).length);
    assert.ok(lengths.every((length) => length >= 90 && length <= 110));
    // Cut off, not pushed to the ends.
    assert.ok(lengths.filter((length) => length === 90 || length === 110).length < 40);
  });

  it('share the asked part of their words within a group, and nothing between groups', async () => {
    const options = { inputTokens: 100, sharedPrefixRatio: 0.3, prefixGroups: 4 };
    const { source } = await load(datasetPlan('random', options, { freshPrefix: false }));
    const prompts = firstPrompts(source, 200).map(({ text }) => words(text));
    const members = new Map<string, number>();
    for (const prompt of prompts) {
      const prefix = prompt.slice(0, 30).join(' ');
      members.set(prefix, (members.get(prefix) ?? 0) + 1);
    }
    assert.equal(members.size, 4);
    for (const count of members.values()) assert.ok(count > 20, `${count}`);
    assert.equal(new Set(prompts.map((prompt) => prompt.slice(30, 34).join(' '))).size, 200);
    assert.ok(prompts.every((prompt) => prompt.length === 100));
  });

  it('have new shared prefixes in each run where they are to be fresh', async () => {
    const options = { inputTokens: 40, sharedPrefixRatio: 0.5 };
    const start = async (nonce: string): Promise<string> =>
      words((await load(datasetPlan('random', options), { nonce })).source.promptAt(0).text)
        .slice(0, 20)
        .join(' ');
    assert.notEqual(await start('a'), await start('b'));
    assert.equal(await start('a'), await start('a'));
  });
});
