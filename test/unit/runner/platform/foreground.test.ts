import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownsTerminal } from '../../../../src/runner/platform/foreground.ts';

const cases: readonly (readonly [name: string, stat: string | undefined, expected: boolean])[] = [
  ['in the foreground', '4711 (node) S 4700 4711 4700 34816 4711 4194304 100 0', true],
  ['in the background', '4711 (node) S 4700 4711 4700 34816 4700 4194304 100 0', false],
  ['a name that looks like fields', '4711 (a) S 1 (b) R 4700 4711 4700 34816 4711 4194304', true],
  ['no terminal', '4711 (node) S 4700 4711 4700 0 -1 4194304 100 0', false],
  ['nothing to be read', undefined, false],
];

for (const [name, stat, expected] of cases)
  test(`who owns the terminal: ${name}`, () =>
    assert.equal(
      ownsTerminal(() => stat),
      expected,
    ));
