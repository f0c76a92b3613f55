/** Colours before the language server has answered: the scopes of the whole tour, as VS Code's own engine finds them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import tmgrammar from 'vscode-tmgrammar-test/dist/common/index.js';
import snapshot from 'vscode-tmgrammar-test/dist/snapshot/index.js';
import { textMatePath, textMateText } from '../../../.ci/textmate.ts';
import { assertGolden } from '../../helpers/golden.ts';

const root = path.join(import.meta.dirname, '..', '..', '..');
const registry = tmgrammar.createRegistry([{ path: textMatePath, scopeName: 'source.bench' }]);

async function scopesOf(text: string): Promise<string> {
  return snapshot.renderSnap(await snapshot.getVSCodeTokens(registry, 'source.bench', text));
}

/** Scope of each word, innermost last. */
async function wordScopes(line: string): Promise<string[]> {
  const [tokens] = await snapshot.getVSCodeTokens(registry, 'source.bench', line);
  return (tokens?.tokens ?? [])
    .map(({ startIndex, endIndex, scopes }) => ({
      word: line.slice(startIndex, endIndex).trim(),
      scope: scopes.at(-1),
    }))
    .filter(({ word, scope }) => word !== '' && scope !== 'source.bench')
    .map(({ word, scope }) => `${word} ${scope ?? ''}`);
}

test('the file is what `npm run generate` makes of the tables', () => {
  assert.equal(readFileSync(textMatePath, 'utf8'), textMateText());
});

test('the tour is coloured as reviewed', async () => {
  assertGolden(
    import.meta.url,
    'tour.bench.snap',
    await scopesOf(readFileSync(path.join(root, 'examples/tour.bench'), 'utf8')),
  );
});

const LINES: readonly (readonly [string, readonly string[]])[] = [
  [
    '  total 10min',
    ['total variable.other.property.bench', '10 constant.numeric.bench', 'min keyword.other.unit.bench'],
  ],
  [
    '  total 10 minutely',
    ['total variable.other.property.bench', '10 constant.numeric.bench', 'minutely variable.other.bench'],
  ],
  ['  model model', ['model variable.other.property.bench', 'model variable.other.bench']],
  ['  turns all', ['turns variable.other.property.bench', 'all variable.other.enummember.bench']],
  ['  on demo', ['on keyword.control.bench', 'demo entity.name.type.bench']],
  [
    '  expect fast, cheap',
    [
      'expect keyword.control.bench',
      'fast entity.name.type.bench',
      ', punctuation.separator.bench',
      'cheap entity.name.type.bench',
    ],
  ],
  [
    'benchmark night extends day {',
    [
      'benchmark storage.type.declaration.bench',
      'night entity.name.function.bench',
      'extends storage.modifier.bench',
      'day entity.name.function.bench',
    ],
  ],
  ['  stage steady {', ['stage storage.type.stage.bench', 'steady variable.other.event.stage.bench']],
  ['  stream on', ['stream variable.other.property.bench', 'on constant.language.bench']],
  ['  profile torch', ['profile variable.other.property.bench', 'torch variable.other.enummember.bench']],
  [
    'requests 2_000  tokens 1_000',
    [
      'requests variable.other.property.bench',
      '2_000 constant.numeric.bench',
      'tokens variable.other.property.bench',
      '1_000 constant.numeric.bench',
    ],
  ],
];

for (const [line, expected] of LINES)
  test(`\`${line.trim()}\` has the scopes of its words`, async () => {
    assert.deepEqual(await wordScopes(line), expected);
  });
