import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { policyFor, reportPage } from '../../../../src/extension/reports/report-html.ts';

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

test('only what stands in the file may run, and nothing may be fetched', () => {
  const html = `<html><head><style>p { color: red }</style></head><body>
    <script type="application/json" id="data">{"a":1}</script><script>go()</script><script src="https://evil.test/x.js"></script></body></html>`;
  assert.equal(
    policyFor(html),
    `default-src 'none'; img-src data:; font-src data:; style-src ${hash('p { color: red }')}; script-src ${hash('go()')}`,
  );
});

test('a page without scripts or styles gets none', () => {
  assert.match(policyFor('<p>plain</p>'), /style-src 'none'; script-src 'none'/);
});

test('the policy comes first in the head, whatever the head looks like, and is the only one', () => {
  const page = reportPage(
    '<html><head lang="en"><meta http-equiv="Content-Security-Policy" content="script-src *" /><title>$&</title></head></html>',
  );
  assert.match(page, /<head lang="en"><meta http-equiv="Content-Security-Policy".*<title>\$&<\/title>/);
  assert.equal(page.match(/Content-Security-Policy/g)?.length, 1);
  assert.match(reportPage('<p>no head</p>'), /^<meta http-equiv="Content-Security-Policy"/);
});
