/** VS Code for the Web: the packaged extension in a page with no machine behind it. The language works in full, and a run says why it cannot be. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { packagedVsix } from '../../.ci/package.ts';
import { openWebWorkbench } from '../helpers/vscode/web-workbench.ts';
import type { Theme, Workbench } from '../helpers/vscode/workbench.ts';

const SCENARIO = `import "std"
import "./lib/targets.bench"

dataset chats { from jsonl "./chats.jsonl" }
dataset lost  { from jsonl "./lost.jsonl" }

sla fast extends interactive-chat { ttft p95 < 300 ms }

benchmark chat {
  on   server
  send chats
  load { warmup 10 requests  stage steady { rate 2 rps poisson for 5 min } }
  expect fast
}

benchmark again extends chat { send lost } // not there
`;
const FILES = {
  'chat.bench': SCENARIO,
  'chats.jsonl': '{ "prompt": "Hello" }\n',
  'lib/targets.bench': 'backend server {\n  protocol openai.chat\n  url "http://127.0.0.1:8000"\n  model "m"\n}\n',
};

let bench: Workbench;
before(async () => {
  bench = await openWebWorkbench({ vsixFile: await packagedVsix(), files: FILES });
  await bench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'chat.bench' }).dblclick();
  await bench.codeLens('▶ Run').first().waitFor();
});
after(() => bench?.dispose());

/** The active editor's line that begins so, as the page shows it. */
const line = (text: string) => bench.page.locator('.editor-instance .view-line', { hasText: text }).first();

/** [beginning of the line, word in it]: the colours that VS Code's own themes give to what it is. */
const COLOURED: readonly (readonly [string, string, Readonly<Record<Theme, string>>])[] = [
  ['import "std"', 'import', { dark: '#c586c0', light: '#af00db', 'high-contrast': '#c586c0' }],
  ['import "std"', '"std"', { dark: '#ce9178', light: '#a31515', 'high-contrast': '#ce9178' }],
  ['sla fast', 'sla', { dark: '#569cd6', light: '#0000ff', 'high-contrast': '#569cd6' }],
  ['sla fast', 'fast', { dark: '#4ec9b0', light: '#267f99', 'high-contrast': '#4ec9b0' }],
  ['sla fast', 'interactive-chat', { dark: '#4ec9b0', light: '#267f99', 'high-contrast': '#4ec9b0' }],
  ['sla fast', 'ttft', { dark: '#9cdcfe', light: '#001080', 'high-contrast': '#9cdcfe' }],
  ['sla fast', 'p95', { dark: '#4fc1ff', light: '#0070c1', 'high-contrast': '#9cdcfe' }],
  ['sla fast', '300', { dark: '#b5cea8', light: '#098658', 'high-contrast': '#b5cea8' }],
  ['sla fast', 'ms', { dark: '#b5cea8', light: '#098658', 'high-contrast': '#b5cea8' }],
  ['benchmark chat', 'chat', { dark: '#dcdcaa', light: '#795e26', 'high-contrast': '#dcdcaa' }],
  ['  on   server', 'server', { dark: '#4ec9b0', light: '#267f99', 'high-contrast': '#4ec9b0' }],
  ['benchmark again', '// not there', { dark: '#6a9955', light: '#008000', 'high-contrast': '#7ca668' }],
];

async function colourOf(beginning: string, word: string): Promise<string> {
  const parts = await line(beginning)
    .locator('> span > span')
    .evaluateAll((spans) =>
      spans.map((span) => [span.textContent.replaceAll('\u00a0', ' '), getComputedStyle(span).color] as const),
    );
  // Neighbours of one colour are one part.
  const at = parts
    .map(([text]) => text)
    .join('')
    .search(new RegExp(`(?<![\\w-])${word}(?![\\w-])`));
  let end = 0;
  const color = parts.find(([text]) => (end += text.length) > at)?.[1] ?? '';
  const hex = (color.match(/\d+/g) ?? []).map((each) => Number(each).toString(16).padStart(2, '0'));
  return `${beginning}: ${word} is #${hex.join('')}`;
}

for (const theme of ['light', 'high-contrast', 'dark'] as const) {
  test(`each kind of word has its colour in the ${theme} theme`, async () => {
    const expected = COLOURED.map(([beginning, word, colours]) => `${beginning}: ${word} is ${colours[theme]}`);
    await bench.chooseTheme(theme);
    let actual: readonly string[] = [];
    await bench
      .until(
        async () => {
          actual = await Promise.all(COLOURED.map(([beginning, word]) => colourOf(beginning, word)));
          return isDeepStrictEqual(actual, expected);
        },
        'the colours',
        { limitMs: 10_000 },
      )
      .catch(() => assert.deepEqual(actual, expected));
    await bench.screenshot(`web-${theme}`);
  });
}

test('imports and data files are read from the page’s folder: only the file that is not there is a problem', async () => {
  const problems = await bench.problems(1);
  assert.match(problems[0]?.text ?? '', /lost\.jsonl.*BENCH9001/);
});

test('hover explains a metric', async () => {
  assert.match(await bench.hover('ttft'), /first token/i);
});

test('completion proposes what an imported file declares', async () => {
  await line('  on   server').click();
  await bench.page.keyboard.press('End');
  for (const _ of 'server') await bench.page.keyboard.press('Backspace');
  const proposals = await bench.completions();
  assert.ok(
    proposals.some((each) => each.startsWith('server')),
    proposals.join(' | '),
  );
  await bench.page.keyboard.press('Escape');
  await bench.page.keyboard.press('Control+z');
});

test('a definition in the standard library opens its text, which cannot be written in', async () => {
  await bench.goTo(7, 20);
  await bench.page.keyboard.press('F12');
  await bench.tab('std.bench').waitFor();
  await line('sla interactive-chat').waitFor();
  await bench.page.keyboard.type('x');
  await bench.page.locator('.monaco-editor-overlaymessage', { hasText: 'read-only' }).waitFor();
  await bench.page.keyboard.press('Control+F4');
});

test('Run says what it needs', async () => {
  await bench.page.locator('.tab', { hasText: 'chat.bench' }).click();
  await bench.clickCodeLens('▶ Run');
  await bench.notification(/^Benchmarks need VS Code on the desktop.*browser tab/).waitFor();
  await bench.screenshot('web');
});
