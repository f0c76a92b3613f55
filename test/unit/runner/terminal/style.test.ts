import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wantsColour } from '../../../../src/runner/terminal/style.ts';

test('colour goes to terminals, unless the environment says otherwise', () => {
  const table: [Record<string, string>, boolean, boolean][] = [
    [{}, true, true],
    [{}, false, false],
    [{ TERM: 'dumb' }, true, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ];
  for (const [environment, isTerminal, expected] of table)
    assert.equal(wantsColour(environment, isTerminal), expected, JSON.stringify({ environment, isTerminal }));
});
