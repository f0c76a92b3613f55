/** What changes the text and not what it says: formatting, and renaming. Plans before and after are compared, but for places in the text. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { STANDARD_LIBRARY_TEXT } from '../../../src/language/library/standard-library.ts';
import { format } from '../../helpers/bench-editor.ts';
import { renameIn } from '../../helpers/bench-workspace.ts';
import { compileBench } from '../../helpers/check-bench.ts';
import { largeScenario } from '../../helpers/large-scenario.ts';

const examples = path.join(import.meta.dirname, '../../../examples');
const tour = readFileSync(path.join(examples, 'tour.bench'), 'utf8');
const targets = readFileSync(path.join(examples, 'lib/targets.bench'), 'utf8');

/** Every plan of the text, without where things stand in it. */
async function plansOf(text: string): Promise<string> {
  const compilation = await compileBench(text, { files: { 'lib/targets.bench': targets } });
  const errors = compilation.diagnostics.filter(({ severity }) => severity === 'error');
  assert.deepEqual(errors, []);
  const plans = [
    ...compilation.benchmarks.map((name) => compilation.plan(name)?.plan),
    ...compilation.studies.map(({ name }) => compilation.study(name)?.plan),
  ];
  assert.ok(plans.every((plan) => plan !== undefined));
  return JSON.stringify(plans, (key, value: unknown) => {
    if (key === 'location' || key === 'textSha256') return undefined;
    // What a run of a study has other than its first: a list of paths with their values.
    return key === 'changes' && Array.isArray(value) ? value.filter((change) => !isOfPlace(change)) : value;
  });
}

function isOfPlace(change: { readonly path?: readonly unknown[] }): boolean {
  return change.path?.includes('location') === true;
}

const scenario = fc.nat().map((seed) => largeScenario({ lines: 1, seed }));

/** The same lines with other blanks around them, as somebody in a hurry leaves them. */
const untidyScenario = fc
  .tuple(
    scenario,
    fc.array(fc.constantFrom('', ' ', '    ', '\t', '\n', '\n\n\n'), { minLength: 7, maxLength: 40 }),
    fc.array(fc.constantFrom('', '', ' ', '\t'), { minLength: 5, maxLength: 40 }),
  )
  .map(([text, before, after]) =>
    text
      .split('\n')
      .map((line, index) => before[index % before.length] + line.trim() + after[index % after.length])
      .join('\n'),
  );

const pieces = [...new Set(tour.match(/"[^"\n]*"|[\w.%-]+|[^\s\w]/g) ?? []), '\n', '\n\n\n', '// why\n', '/* so */'];
const soup = fc
  .array(fc.tuple(fc.constantFrom(...pieces), fc.constantFrom(' ', '  ', '', '\n')), { maxLength: 80 })
  .map((words) => words.flat().join(''));

function assertSettles(text: string): void {
  const once = format(text);
  assert.equal(format(once), once);
}

test('formatting an untidy scenario twice is formatting it once', () => {
  fc.assert(fc.property(untidyScenario, assertSettles), { numRuns: 60 });
});

test('formatting words of the language in random order twice is formatting them once', () => {
  fc.assert(fc.property(soup, assertSettles), { numRuns: 400 });
});

test('formatting leaves the plans of an untidy scenario as they were', async () => {
  await fc.assert(
    fc.asyncProperty(untidyScenario, async (text) => {
      assert.equal(await plansOf(format(text)), await plansOf(text));
    }),
    { numRuns: 8 },
  );
});

const FILES: Readonly<Record<string, string>> = { 'the tour': tour, 'the standard library': STANDARD_LIBRARY_TEXT };

for (const [name, text] of Object.entries(FILES))
  test(`formatting leaves the plans of ${name}, on lines without indentation, as they were`, async () => {
    const flat = text.replaceAll(/^[ \t]+/gm, '');
    assert.notEqual(flat, text);
    assert.equal(await plansOf(format(flat)), await plansOf(text));
  });

const NEW_NAME = 'quite-another-name';

test('a scenario has the same plans after renaming any of its declarations, but for the name', async () => {
  const text = largeScenario({ lines: 1, seed: 4 });
  const expected = await plansOf(text);
  const declarations = [
    ...text.matchAll(/^(?:param|backend|dataset|load|sla|monitor|benchmark|sweep|search|compare) /gm),
  ];
  assert.ok(declarations.length >= 14);
  for (const { 0: keyword, index } of declarations) {
    const at = index + keyword.length;
    const name = /^[\w-]+/.exec(text.slice(at))?.[0] ?? '';
    const renamed = await renameIn({ 'main.bench': `${text.slice(0, at)}<|>${text.slice(at)}` }, NEW_NAME);
    assert.ok(typeof renamed === 'object', `${keyword}${name}: ${JSON.stringify(renamed)}`);
    const after = renamed['main.bench'] ?? '';
    assert.ok(after.includes(`${keyword}${NEW_NAME}`));
    assert.equal((await plansOf(after)).replaceAll(NEW_NAME, name), expected, `${keyword}${name}`);
  }
});
