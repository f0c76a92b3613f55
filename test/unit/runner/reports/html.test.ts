import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { SlaResult } from '../../../../src/contract/report.ts';
import { createPageAssets } from '../../../../src/runner/platform/page-assets.ts';
import { renderHtml } from '../../../../src/runner/reports/html/page.ts';
import { embedJson, html, Markup, withCode } from '../../../../src/runner/reports/html/markup.ts';
import { headline } from '../../../../src/runner/reports/words.ts';
import { okRecord, planOf } from '../measure/example-run.ts';
import { exampleRecord, HOSTILE, hostileRecord, inputOf } from './example-report.ts';

const page = createPageAssets(
  "start('</script><!--');\n//# sourceMappingURL=report-page.js.map\n",
  'p { color: red }\n/*# sourceMappingURL=x.css.map */\n',
);

async function pageOf(example = exampleRecord()): Promise<string> {
  const [file] = renderHtml(await inputOf(example, page));
  return file?.text ?? '';
}

/** What stands in the document itself, without its scripts and styles. */
const documentOf = (text: string): string => text.replace(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, '');

test('what is put into markup is escaped, unless it is markup', () => {
  const text = html`<a title="${'"><b>'}">${["<i>&'", new Markup('<hr>'), undefined, false, 0]}</a>`.text;
  assert.equal(text, '<a title="&quot;&gt;&lt;b&gt;">&lt;i&gt;&amp;&#39;<hr>0</a>');
  assert.equal(withCode('a `<b>` c').text, 'a <code>&lt;b&gt;</code> c');
  assert.equal(withCode('one ` only').text, 'one ` only');
  const embedded = embedJson({ text: '</script>\u2028&' }).text;
  assert.ok(!/[<>&\u2028]/.test(embedded));
  assert.deepEqual(JSON.parse(embedded), { text: '</script>\u2028&' });
});

test('the policy lets the page’s own script and style run, and nothing else', async () => {
  const text = await pageOf();
  const policy =
    /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(text)?.[1]?.replaceAll('&#39;', "'") ?? '';
  const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(text) ?? [];
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(text) ?? [];
  const hash = (part: string): string => `'sha256-${createHash('sha256').update(part).digest('base64')}'`;
  assert.deepEqual(policy.split('; '), [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  assert.equal(script, "start('<\\/script><\\!--');\n");
  assert.equal(style, 'p { color: red }\n');
});

test('nothing on the page leads outside: links are files beside it', async () => {
  for (const example of [exampleRecord(), hostileRecord()]) {
    const text = documentOf(await pageOf(example));
    const links = [...text.matchAll(/\b(?:href|src|action|data|srcset|poster)\s*=\s*"([^"]*)"/g)].map(
      ([, link]) => link,
    );
    assert.ok(links.length > 5);
    for (const link of links) assert.match(link ?? '', /^[a-z.]+$/);
    assert.ok(!/\sstyle="|\son\w+="/.test(text), 'no inline style or handler, which the policy would refuse');
  }
});

test('hostile text stays text', async () => {
  const text = await pageOf(hostileRecord());
  assert.equal(text.match(/<script/g)?.length, 2, 'the data and the page’s own script');
  assert.equal(text.match(/<\/script/g)?.length, 2);
  assert.ok(!documentOf(text).includes('<img'));
  assert.ok(documentOf(text).includes('&lt;script&gt;window.hacked = true&lt;/script&gt;'));
  assert.ok(HOSTILE.includes('<script>'));
});

test('the sentence of a verdict counts the limits only where there are several', async () => {
  const { report } = await inputOf(exampleRecord(), page);
  const [met, breached, undecided] = report.sla;
  assert.ok(met !== undefined && breached !== undefined && undecided !== undefined);
  const sentence = (outcome: 'failed' | 'undecided', ...sla: readonly SlaResult[]): string =>
    headline({ ...report, run: { ...report.run, outcome }, sla }).sentence;
  assert.equal(sentence('failed', breached), 'The SLA is breached.');
  assert.equal(sentence('failed', breached, breached, met), '2 of 3 SLAs are breached.');
  assert.equal(sentence('undecided', undecided), 'The SLA could not be judged.');
  assert.equal(sentence('undecided', undecided, met), '1 of 2 SLAs could not be judged, none is breached.');
});

test('the page says what it must, without any script', async () => {
  const text = documentOf(await pageOf()).replace(/\s+/g, ' ');
  for (const expected of [
    '>Failed<',
    '1 of 5 SLAs is breached.',
    'measurement valid',
    'ttft p95 &lt; 500 ms',
    'cannot bound this percentile from above: at least 3688 are needed',
    'None of the 400 successful requests has a value for &quot;Connection set-up&quot;.',
    '400 measured requests: 400 succeeded',
    '5 warm-up requests',
    'Example CPU, 8 logical cores',
    'requests.jsonl',
    'first − sent',
    '<noscript',
  ])
    assert.ok(text.includes(expected), expected);
});

test('a page without its script still is a page, and says what is missing', async () => {
  const [file] = renderHtml(await inputOf(exampleRecord()));
  assert.match(file?.text ?? '', /script-src &#39;none&#39;/);
  assert.match(file?.text ?? '', /comes without the page’s script/);
  assert.ok(!file?.text.includes('<script'));
});

test('a run that was killed says so at the top', async () => {
  const killed = exampleRecord();
  const events = (killed.events ?? []).filter(({ type }) => type !== 'run.ended');
  const text = documentOf(await pageOf({ ...killed, events }));
  assert.match(text, />Stopped early</);
  assert.match(text, /ended before the run was over/);
  const one = documentOf(await pageOf({ plan: planOf(), records: [okRecord(1, 10)] }));
  assert.match(one, />Done</);
});
