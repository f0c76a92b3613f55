/** VS Code for the Web: the packaged extension in a page with no machine behind it. The language works in full, and a run says why it cannot be. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { packagedVsix } from '../../.ci/package.ts';
import { openWebWorkbench } from '../helpers/vscode/web-workbench.ts';
import type { Workbench } from '../helpers/vscode/workbench.ts';

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

benchmark again extends chat { send lost }
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

test('the text is coloured', async () => {
  const colours = await line('protocol')
    .or(line('benchmark chat'))
    .locator('span span')
    .evaluateAll((spans) => [...new Set(spans.map((span) => getComputedStyle(span).color))]);
  assert.ok(colours.length >= 2, colours.join(' '));
});

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
  await bench.notification(/do not run in a browser tab.*desktop/).waitFor();
  await bench.screenshot('web');
});
