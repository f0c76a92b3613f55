import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeMissing, ensureSystemPackages, findProgram } from '../../../.ci/system-packages.ts';

describe('system packages', () => {
  test('on Debian without root the command to run is named', () => {
    const message = describeMissing('the VS Code server', 'libkrb5-dev make', true);
    assert.match(message, /the VS Code server/);
    assert.match(message, /sudo apt-get install libkrb5-dev make$/);
  });
  test('elsewhere the missing things are named', () => {
    assert.match(describeMissing('driving VS Code', 'chromium', false), /driving VS Code needs .* chromium/);
  });
  test('nothing happens where everything is present', async () => {
    await ensureSystemPackages('a test', [{ name: 'surely-not-a-package', isPresent: () => Promise.resolve(true) }]);
  });
  test('a program is found on PATH, or where it is named', () => {
    assert.equal(findProgram(['surely-not-a-program', process.execPath]), process.execPath);
    assert.equal(findProgram(['surely-not-a-program']), undefined);
  });
});
