/** What every dataset must get right, whatever it reads: one suite that each implementation runs. */
import { describe, it, type TestContext } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunErrorCode } from '../../src/contract/errors.ts';
import type { DatasetPlan } from '../../src/contract/plan.ts';
import type { DatasetContext, Prompt, PromptSource } from '../../src/runner/datasets/dataset.ts';
import { loadDataset, openDataset } from '../../src/runner/datasets/registry.ts';

export interface DatasetUnderTest {
  /** Catalog id. */
  readonly id: string;
  readonly options: DatasetPlan['options'];
  /** Text of the file it reads, with at least three prompts in it; absent if it reads none. */
  readonly file?: string;
  /** Files it must refuse. */
  readonly refused?: readonly {
    readonly what: string;
    readonly file: string | Uint8Array;
    readonly code: RunErrorCode;
    readonly message: RegExp;
  }[];
}

export const DATASET_CONTEXT: DatasetContext = { seed: 11, nonce: 'run-1', countTokens: undefined };

export function datasetPlan(
  source: string,
  options: DatasetPlan['options'],
  rest: Partial<DatasetPlan> = {},
): DatasetPlan {
  return {
    name: 'prompts',
    location: { file: '/scenario.bench', line: 3, column: 1, endLine: 5, endColumn: 2 },
    source,
    freshPrefix: true,
    options,
    ...rest,
  };
}

/** Writes the text to a file that is gone when the test is over; returns its path. */
export function temporaryFile(context: TestContext, text: string | Uint8Array, name = 'data.jsonl'): string {
  const directory = mkdtempSync(join(tmpdir(), 'dataset-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  writeFileSync(join(directory, name), text);
  return join(directory, name);
}

export function firstPrompts(source: PromptSource, count: number): Prompt[] {
  return Array.from({ length: count }, (_, index) => source.promptAt(index));
}

export function describeDataset(dataset: DatasetUnderTest): void {
  /** Loaded in the main thread, carried over as to a worker, and the file gone by then: a worker must not read it. */
  const open = async (
    test: TestContext,
    rest: Partial<DatasetPlan> = {},
    context: Partial<DatasetContext> = {},
  ): Promise<PromptSource> => {
    const path = dataset.file === undefined ? undefined : temporaryFile(test, dataset.file);
    const plan = datasetPlan(dataset.id, { ...dataset.options, ...(path === undefined ? {} : { path }) }, rest);
    const loaded = await loadDataset(plan, { ...DATASET_CONTEXT, ...context });
    if (path !== undefined) rmSync(path);
    assert.ok(loaded.notes.length > 0, 'says what was found');
    return openDataset(plan, structuredClone(loaded.data), { ...DATASET_CONTEXT, ...context });
  };

  describe(`the dataset ${dataset.id} (conformance)`, () => {
    it('makes the same prompt for the same number, in any order, in every worker', async (test) => {
      const [first, second] = [await open(test), await open(test)];
      const forward = firstPrompts(first, 12);
      const backward = Array.from({ length: 12 }, (_, index) => second.promptAt(11 - index)).reverse();
      assert.deepEqual(backward, forward);
    });

    it('ends each prompt with a question, and gives it as plain text too', async (test) => {
      for (const { messages, text, inputTokens = 1 } of firstPrompts(await open(test), 12)) {
        const last = messages.at(-1);
        assert.equal(last?.role, 'user');
        assert.ok(last.content.trim() !== '' && text.includes(last.content));
        assert.ok(Number.isInteger(inputTokens) && inputTokens >= 1);
      }
    });

    it('begins prompts with words that depend on the run and on the prompt', async (test) => {
      const starts = (source: PromptSource): string[] =>
        firstPrompts(source, 12).map(({ text }) => text.replace(/^\w+: /, '').slice(0, 24));
      const [one, other] = [starts(await open(test)), starts(await open(test, {}, { nonce: 'run-2' }))];
      const shared = one.filter((start) => other.includes(start));
      assert.deepEqual(shared, []);
    });

    it('sends the same in every run where prefixes need not be fresh', async (test) => {
      const plain = { freshPrefix: false };
      const [one, other] = [await open(test, plain), await open(test, plain, { nonce: 'run-2' })];
      assert.deepEqual(firstPrompts(other, 12), firstPrompts(one, 12));
    });

    it('asks for the output lengths of the plan, within what is kept', async (test) => {
      const source = await open(test, {
        outputTokens: { kind: 'normal', mean: 20, stddev: 40 },
        keep: { outputTokens: { min: 5, max: 30 } },
      });
      const lengths = firstPrompts(source, 60).map(({ outputTokens }) => outputTokens ?? Number.NaN);
      assert.ok(lengths.every((length) => Number.isInteger(length) && length >= 5 && length <= 30));
      assert.ok(new Set(lengths).size > 5);
    });

    it('goes on where its data ends, with heads the server has not seen', async (test) => {
      const source = await open(test);
      const size = source.size ?? 1000;
      assert.ok(size >= 3);
      const [first, again] = [source.promptAt(1), source.promptAt(1 + size)];
      assert.notEqual(again.text.slice(0, 24), first.text.slice(0, 24));
      if (source.size !== undefined) assert.equal(again.text.slice(-10), first.text.slice(-10));
    });

    if (dataset.file === undefined) return;

    it('names the file that is not there, and what its path is relative to', async () => {
      const plan = datasetPlan(dataset.id, { ...dataset.options, path: '/nowhere/data.jsonl' });
      await assert.rejects(loadDataset(plan, DATASET_CONTEXT), {
        code: 'RUN_DATASET_MISSING',
        message: /prompts.*\/nowhere\/data\.jsonl/,
        hint: /relative/,
        location: plan.location,
      });
      const folder = datasetPlan(dataset.id, { ...dataset.options, path: tmpdir() });
      await assert.rejects(loadDataset(folder, DATASET_CONTEXT), { code: 'RUN_DATASET_MISSING', message: /folder/ });
    });

    const refused = [
      { what: 'an empty file', file: '', code: 'RUN_DATASET_EMPTY', message: /no entries/ },
      {
        what: 'a web page',
        file: '\n<!DOCTYPE html>\n<p>404</p>',
        code: 'RUN_DATASET_MALFORMED',
        message: /data\.jsonl:2: .*found `<!DOCTYPE html>/,
      },
      {
        what: 'a file cut in the middle',
        file: dataset.file.trimEnd().slice(0, -20),
        code: 'RUN_DATASET_MALFORMED',
        message: /never ends/,
      },
      ...(dataset.refused ?? []),
    ] as const;
    for (const { what, file, code, message } of refused)
      it(`refuses ${what}`, async (test) => {
        const plan = datasetPlan(dataset.id, { ...dataset.options, path: temporaryFile(test, file) });
        await assert.rejects(loadDataset(plan, DATASET_CONTEXT), { code, message, location: plan.location });
      });

    it('refuses archives and other encodings by name', async (test) => {
      const starts: readonly (readonly [number[], RegExp])[] = [
        [[0x1f, 0x8b, 8, 0], /gzip/],
        [[0xff, 0xfe, 0x7b, 0], /UTF-16/],
        [[...Buffer.from('PAR1')], /Parquet/],
        [[...Buffer.from('version https://git-lfs.github.com/spec/v1')], /Git LFS/],
      ];
      for (const [bytes, message] of starts) {
        const path = temporaryFile(test, Uint8Array.from(bytes));
        const plan = datasetPlan(dataset.id, { ...dataset.options, path });
        await assert.rejects(loadDataset(plan, DATASET_CONTEXT), { code: 'RUN_DATASET_MALFORMED', message, hint: /./ });
      }
    });

    it('reads a file that begins with a byte order mark and has Windows line ends', async (test) => {
      const text = `\ufeff${(dataset.file ?? '').replaceAll('\n', '\r\n')}`;
      const plan = datasetPlan(dataset.id, { ...dataset.options, path: temporaryFile(test, text) });
      const source = await openDataset(plan, (await loadDataset(plan, DATASET_CONTEXT)).data, DATASET_CONTEXT);
      assert.deepEqual(firstPrompts(source, 3), firstPrompts(await open(test), 3));
    });
  });
}
