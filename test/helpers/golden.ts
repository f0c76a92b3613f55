/** Whole outputs kept as files beside the tests and reviewed as diffs. `UPDATE_GOLDENS=1 node --test …` writes them anew. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export function assertGolden(testUrl: string, name: string, actual: string): void {
  const path = fileURLToPath(new URL(`./goldens/${name}`, testUrl));
  if (process.env['UPDATE_GOLDENS'] === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
    return;
  }
  assert.ok(existsSync(path), `there is no golden file ${path}; look at the output, then run with UPDATE_GOLDENS=1`);
  assert.equal(actual, readFileSync(path, 'utf8'));
}
