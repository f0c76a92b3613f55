/** docs/protocol.md shows every message with an example that is really one, and was looked at when the protocol last changed. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { isFromDashboard } from '../../src/contract/protocol/webview.ts';
import * as examples from '../fixtures/protocol-examples.ts';

const root = path.join(import.meta.dirname, '..', '..');
const documentPath = path.join(root, 'docs', 'protocol.md');
const isUpdate = process.env['UPDATE_GOLDENS'] === '1';

/** Of the messages, without comments and white space: words about them, and how the channel carries them, may change freely. */
function sourceHash(): string {
  const folder = path.join(root, 'src', 'contract', 'protocol');
  const text = ['language.ts', 'runner.ts', 'webview.ts']
    .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    .join('\n')
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/\s+/g, ' ');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Heading → what stands in its JSON block. */
function expectedBlocks(): ReadonlyMap<string, unknown> {
  const blocks = new Map<string, unknown>();
  const add = (messages: Readonly<Record<string, unknown>>, ambiguous = ''): void => {
    for (const [name, example] of Object.entries(messages)) {
      const heading = `\`${name}\``;
      blocks.set(blocks.has(heading) ? `${heading}${ambiguous}` : heading, example);
    }
  };
  add(examples.RUNNER_REQUESTS);
  add(examples.RUNNER_EVENTS);
  add(examples.TO_DASHBOARD, ' (to the dashboard)');
  add(examples.FROM_DASHBOARD, ' (from the dashboard)');
  add(examples.LANGUAGE_REQUESTS);
  return blocks;
}

interface Section {
  readonly heading: string;
  readonly body: string;
}

function sectionsOf(text: string): readonly Section[] {
  return text
    .split(/^### /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return { heading: part.slice(0, end), body: part.slice(end).split(/^## /m)[0] ?? '' };
    });
}

if (isUpdate) {
  let text = readFileSync(documentPath, 'utf8').replace(
    /<!-- protocol-source: \w+ -->/,
    `<!-- protocol-source: ${sourceHash()} -->`,
  );
  for (const [heading, example] of expectedBlocks()) {
    const block = `\`\`\`json\n${JSON.stringify(example, undefined, 2)}\n\`\`\``;
    const section = sectionsOf(text).find((each) => each.heading === heading);
    if (section === undefined) continue;
    const prose = section.body.replace(/```json\n[^]*?```\n?/, '').trimEnd();
    text = text.replace(`### ${heading}${section.body}`, () => `### ${heading}${prose}\n\n${block}\n\n`);
  }
  writeFileSync(documentPath, `${text.trimEnd()}\n`);
}

const documentText = readFileSync(documentPath, 'utf8');

test('the document was read again when the protocol last changed', () => {
  const written = /<!-- protocol-source: (\w+) -->/.exec(documentText)?.[1];
  assert.equal(
    written,
    sourceHash(),
    'src/contract/protocol changed: go through docs/protocol.md and test/fixtures/protocol-examples.ts, then write the new hash into the document (UPDATE_GOLDENS=1 does)',
  );
});

test('each message stands in the document, with its example', () => {
  const sections = new Map(sectionsOf(documentText).map((each) => [each.heading, each.body]));
  for (const [heading, example] of expectedBlocks()) {
    const block = /```json\n([^]*?)```/.exec(sections.get(heading) ?? '')?.[1];
    assert.ok(block !== undefined, `### ${heading} is missing, or has no example`);
    assert.deepEqual(JSON.parse(block), JSON.parse(JSON.stringify(example)), heading);
  }
});

test('the document shows no message that does not exist', () => {
  const known = expectedBlocks();
  assert.deepEqual(
    sectionsOf(documentText)
      .map((each) => each.heading)
      .filter((heading) => !known.has(heading)),
    [],
  );
});

test('what the dashboard may send passes the guard, and nothing else does', () => {
  for (const message of Object.values(examples.FROM_DASHBOARD)) assert.ok(isFromDashboard(message), message.type);
  for (const message of Object.values(examples.TO_DASHBOARD))
    if (!(message.type in examples.FROM_DASHBOARD)) assert.ok(!isFromDashboard(message), message.type);
});
