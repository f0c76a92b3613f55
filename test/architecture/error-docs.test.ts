/** docs/errors.md has a section for each code a run can end with, and a row for each reason a request can fail for. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { FAILURE_REASONS } from '../../src/contract/outcome.ts';

const root = path.join(import.meta.dirname, '..', '..');
const documentText = readFileSync(path.join(root, 'docs', 'errors.md'), 'utf8');

test('each code of the closed list has a section with words in it, and no other code has', () => {
  const source = readFileSync(path.join(root, 'src', 'contract', 'errors.ts'), 'utf8');
  const union = /export type RunErrorCode =([^;]*);/.exec(source)?.[1] ?? '';
  const codes = [...union.matchAll(/'(RUN_[A-Z_]+)'/g)].map((match) => match[1] ?? '');
  assert.ok(codes.length > 10);
  const sections = new Map(
    [...documentText.matchAll(/^### (RUN_\w+)\n([^]*?)(?=^#|(?![^]))/gm)].map((match) => [
      match[1] ?? '',
      match[2] ?? '',
    ]),
  );
  assert.deepEqual([...sections.keys()].sort(), codes.sort());
  for (const [code, body] of sections) assert.ok(body.trim().length > 60, `${code} says too little`);
});

test('each reason of a failed request is explained as the product explains it', () => {
  const rows = [...documentText.matchAll(/^\| `([\w-]+)`\s*\| (\w+)\s*\| (.*?)\s*\|$/gm)].map((match) =>
    match.slice(1),
  );
  assert.deepEqual(
    rows,
    Object.entries(FAILURE_REASONS).map(([reason, { class: failureClass, doc }]) => [reason, failureClass, doc]),
  );
});
