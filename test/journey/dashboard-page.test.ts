/** The dashboard's page in a real browser, without VS Code around it: content, behaviour, policy, accessibility, pictures. */
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { ToDashboard } from '../../src/contract/protocol/webview.ts';
import { launchChromium } from '../helpers/vscode/chromium.ts';
import { bundleDashboard, openDashboard, type DashboardPage, type ThemeName } from '../helpers/dashboard-page.ts';
import { storyEnd, storyEndOfMix, storyOf, storySnapshots, storyStart } from '../helpers/dashboard-story.ts';
import type { Snapshot } from '../../src/contract/snapshot.ts';
import { makeSnapshot } from '../helpers/make-snapshot.ts';

const pictures = path.join(import.meta.dirname, '../../.cache/screenshots/dashboard');
let browser: Browser;
let files: ReadonlyMap<string, string>;
let axeSource: string;

before(async () => {
  await mkdir(pictures, { recursive: true });
  axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  [browser, files] = await Promise.all([launchChromium(), bundleDashboard()]);
});
after(() => browser.close());

async function withDashboard(
  options: { theme?: ThemeName; width?: number; height?: number; kept?: unknown },
  use: (dashboard: DashboardPage, page: Page) => Promise<void>,
): Promise<void> {
  const dashboard = await openDashboard(browser, files, { theme: 'dark', width: 680, height: 1200, ...options });
  try {
    await use(dashboard, dashboard.page);
    assert.deepEqual(dashboard.complaints, []);
  } finally {
    await dashboard.page.context().close();
  }
}

async function accessibilityViolations(page: Page): Promise<readonly string[]> {
  // Evaluated by the debugger, so that the page's own policy stays as strict as it ships.
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } };
    interface AxeViolation {
      readonly id: string;
      readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
    }
    const { violations } = await axe.run();
    return violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html} ${node.failureSummary}`));
  });
}

/** The snapshot after a minute of the story. */
function rateChangedTo(rateFactor: number): ToDashboard {
  const snapshot = storySnapshots(61).at(-1) as Snapshot;
  return { type: 'snapshot', snapshot: { ...snapshot, rateFactor, askedPerSecond: 50 * rateFactor } };
}

const scenes: readonly (readonly [name: string, theme: ThemeName, width: number, messages: readonly ToDashboard[]])[] =
  [
    ['running-dark', 'dark', 680, storyOf(100)],
    ['running-light', 'light', 680, storyOf(100)],
    ['running-high-contrast', 'high-contrast', 680, storyOf(100)],
    ['running-narrow', 'dark', 380, storyOf(100)],
    ['running-rate-changed', 'light', 680, [...storyOf(60), rateChangedTo(1.2)]],
    [
      'stopping-high-contrast',
      'high-contrast',
      680,
      [...storyOf(60), rateChangedTo(1.2), { type: 'stopping', message: 'Draining 12 requests in flight' }],
    ],
    ['running-wide', 'light', 1280, storyOf(60, false)],
    ['warming-up', 'dark', 680, storyOf(3)],
    ['starting', 'light', 680, [storyStart()]],
    ['passed', 'dark', 680, [...storyOf(154, false), storyEnd('passed')]],
    ['failed-light', 'light', 680, [...storyOf(154), storyEnd('failed')]],
    ['failed-high-contrast', 'high-contrast', 680, [...storyOf(154), storyEnd('failed')]],
    ['passed-mix-dark', 'dark', 680, [...storyOf(154, false), storyEndOfMix('passed')]],
    ['failed-mix-light', 'light', 680, [...storyOf(154), storyEndOfMix('failed')]],
    ['failed-mix-high-contrast', 'high-contrast', 680, [...storyOf(154), storyEndOfMix('failed')]],
    ['failed-mix-narrow', 'dark', 380, [...storyOf(154), storyEndOfMix('failed')]],
    [
      'lost',
      'light',
      680,
      [
        ...storyOf(70),
        {
          type: 'failed',
          canMakeReport: true,
          error: {
            code: 'RUN_INTERRUPTED',
            message: 'The runner process was killed (SIGKILL).',
            hint: 'Everything up to the last second is on disk: the report can be made from it.',
            exitCode: 3,
          },
        },
      ],
    ],
  ];

for (const [name, theme, width, messages] of scenes)
  test(`${name}: readable to everyone, and within its policy`, async () => {
    await withDashboard({ theme, width }, async (dashboard, page) => {
      await dashboard.send(...messages);
      const phase =
        { starting: 'starting', lost: 'lost' }[name] ??
        (name.startsWith('failed') || name.startsWith('passed')
          ? 'ended'
          : name.startsWith('stopping')
            ? 'stopping'
            : 'running');
      await page.waitForSelector(`[data-phase=${phase}]`);
      if (phase !== 'starting') await page.waitForSelector('bench-chart canvas[aria-label]');
      await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });
      assert.deepEqual(await accessibilityViolations(page), []);
      const overflowPx = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflowPx <= 0, `${overflowPx} px too wide`);
    });
  });

test('the parts of a mix are told when the run is over, failures only where there are some', async () => {
  await withDashboard({}, async (dashboard, page) => {
    const rows = (): Promise<readonly string[]> =>
      page.$$eval('section[aria-labelledby=parts-title] tr', (all) =>
        all.map((row) => [...row.children].map((cell) => cell.textContent?.trim()).join(' | ')),
      );
    await dashboard.send(...storyOf(154));
    await page.waitForSelector('[data-phase=running]');
    assert.deepEqual(await rows(), []);
    await dashboard.send(storyEndOfMix('failed'));
    await page.waitForSelector('[data-phase=ended]');
    assert.deepEqual(await rows(), [
      'Dataset | Weight | Requests | Failed | TTFT p50 | TTFT p95 | E2E p50 | E2E p95 | Tokens in / out',
      'chat | 70 % | 6832 | 0 | 151 ms | 322 ms | 1.84 s | 3.21 s | 512 / 80.2',
      'documents_of_the_archive_with_a_long_name | 25 % | 2440 | 13 | 151 ms | 1.82 s | 1.84 s | 12.5 s | 3981 / 211',
      'code | 5 % | 488 | 0 | – | – | – | – | – / –',
    ]);
    await dashboard.send(storyEndOfMix('passed'));
    await page.waitForSelector('section[aria-labelledby=parts-title] thead:not(:has-text("Failed"))');
    assert.equal((await rows()).length, 4);
  });
});

test('an empty dashboard says how to fill it', async () => {
  await withDashboard({}, async (dashboard, page) => {
    assert.match(await page.innerText('main'), /▶ Run/);
    assert.deepEqual(await dashboard.posted(), [{ type: 'ready' }]);
    assert.deepEqual(await accessibilityViolations(page), []);
  });
});

test('buttons ask the host, and only those that make sense are there', async () => {
  await withDashboard({}, async (dashboard, page) => {
    const labels = (): Promise<readonly string[]> =>
      page.$$eval('.head-actions vscode-button', (all) => all.map((each) => each.textContent?.trim() ?? ''));
    await dashboard.send(...storyOf(10));
    await page.getByRole('button', { name: 'Stop' }).click();
    await dashboard.send({ type: 'stopping', message: 'Draining 12 requests in flight' });
    await page.waitForSelector('[data-phase=stopping]');
    assert.deepEqual(await labels(), ['Abort']);
    assert.match(await page.innerText('.stages'), /Draining 12 requests in flight/);
    await page.getByRole('button', { name: 'Abort' }).press('Enter');
    await dashboard.send(storyEnd('failed'));
    await page.waitForSelector('[data-phase=ended]');
    assert.deepEqual(await labels(), ['Open report', 'Run again']);
    await page.getByRole('button', { name: 'Open report' }).click();
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.getByRole('button', { name: 'itl p95 < 40 ms' }).click();
    assert.deepEqual(await dashboard.posted(), [
      { type: 'ready' },
      { type: 'stop' },
      { type: 'abort' },
      { type: 'openReport' },
      { type: 'runAgain' },
      { type: 'reveal', line: 19 },
    ]);
  });
});

test('the rate is changed by steps, with mouse and keyboard, as long as there is a load', async () => {
  await withDashboard({}, async (dashboard, page) => {
    const rate = page.getByRole('group', { name: 'Rate' });
    const button = (name: string) => rate.getByRole('button', { name, exact: true });
    await dashboard.send(storyStart());
    await page.waitForSelector('[data-phase=starting]');
    assert.equal(await rate.count(), 0);
    await dashboard.send(...storyOf(60).slice(1));
    await button('+10 %').click();
    await button('+10 %').press('Enter');
    await button('100 %').press('Space');
    await button('−10 %').click();
    assert.match(await rate.innerText(), /100 % of the plan/);
    await dashboard.send(rateChangedTo(1.2));
    await page.waitForFunction(() => /120 %/.test(document.querySelector('.rate')?.textContent ?? ''));
    assert.match(await page.innerText('[role=status]'), /Running, \d+ %, rate 120 % of the plan/);
    await dashboard.send({ type: 'stopping', message: 'Draining 12 requests in flight' });
    await page.waitForSelector('[data-phase=stopping]');
    for (const name of ['−10 %', '100 %', '+10 %']) {
      assert.ok(await button(name).isDisabled(), name);
      await button(name).dispatchEvent('click');
    }
    await dashboard.send(storyEnd('failed'));
    await page.waitForSelector('[data-phase=ended]');
    assert.equal(await rate.count(), 0);
    const step = (each: 'up' | 'down' | 'plan') => ({ type: 'changeRate', step: each }) as const;
    assert.deepEqual(await dashboard.posted(), [
      { type: 'ready' },
      ...[step('up'), step('up'), step('plan'), step('down')],
    ]);
  });
});

test('the verdict of each limit is a word, not only a colour', async () => {
  await withDashboard({}, async (dashboard, page) => {
    await dashboard.send(...storyOf(154), storyEnd('failed'));
    await page.waitForSelector('[data-phase=ended]');
    const rows = await page.$$eval('section[aria-labelledby=sla-title] tbody tr', (all) =>
      all.map((row) => [...row.children].map((cell) => (cell as HTMLElement).innerText.split('\n')[0]?.trim())),
    );
    assert.deepEqual(rows, [
      ['ttft p95 < 500 ms', '321.6 ms', 'Met'],
      ['itl p95 < 40 ms', '41.3 ms', 'Breached'],
      ['error-rate < 1 %', '0.62 %', 'Met'],
      ['goodput > 95 % where ttft < 400 ms and e2e < 5 s', '95.1 %', 'Undecided'],
    ]);
  });
});

test('tables hold what the charts show, and the choice survives a reload', async () => {
  let kept: unknown;
  await withDashboard({}, async (dashboard, page) => {
    await dashboard.send(...storyOf(60));
    await page.getByRole('button', { name: 'Tables' }).click();
    const region = page.getByRole('region', { name: 'Values of Time to first token' });
    assert.match(await region.innerText(), /Time\s+p50\s+p95\s+p99\s+0:01\s+[\d.]+ ms/);
    await page.screenshot({ path: path.join(pictures, 'tables.png'), fullPage: true });
    assert.deepEqual(await accessibilityViolations(page), []);
    kept = await dashboard.kept();
  });
  await withDashboard({ kept }, async (_, page) => {
    assert.match(await page.innerText('h1'), /quickstart/);
    await page.waitForSelector('.chart-table');
  });
});

test('a thousand snapshots at once are drawn at most four times a second', async () => {
  await withDashboard({}, async (dashboard, page) => {
    await page.evaluate(() => {
      const counter = { count: 0 };
      Object.assign(globalThis, { paints: counter });
      const caption = document.body;
      new MutationObserver(() => counter.count++).observe(caption, {
        subtree: true,
        childList: true,
        characterData: true,
      });
    });
    await dashboard.send(storyStart());
    await dashboard.send(...storySnapshots(250).map((snapshot): ToDashboard => ({ type: 'snapshot', snapshot })));
    await page.waitForFunction(() => /4:10/.test(document.querySelector('.head .clock')?.textContent ?? ''));
    const paints = await page.evaluate(() => (globalThis as unknown as { paints: { count: number } }).paints.count);
    assert.ok(paints <= 8, `${paints} paints`);
  });
});

test('a new theme repaints the curves in its colours', async () => {
  await withDashboard({}, async (dashboard, page) => {
    await dashboard.send(...storyOf(30));
    await page.waitForSelector('bench-chart canvas[aria-label]');
    const picture = (): Promise<string> =>
      page.$eval('bench-chart canvas', (each) => (each as HTMLCanvasElement).toDataURL());
    const dark = await picture();
    await dashboard.setTheme('high-contrast');
    await page.waitForFunction(
      (before) => document.querySelector<HTMLCanvasElement>('bench-chart canvas')?.toDataURL() !== before,
      dark,
    );
  });
});

test('a screen reader hears of changes of state at once, of progress seldom', async () => {
  await withDashboard({}, async (dashboard, page) => {
    const said = (): Promise<string> => page.innerText('[role=status]');
    await dashboard.send(...storyOf(10, false));
    await page.waitForFunction(() => /Running/.test(document.querySelector('[role=status]')?.textContent ?? ''));
    const first = await said();
    assert.match(first, /^quickstart: Running, \d+ %$/);
    await dashboard.send({
      type: 'snapshot',
      snapshot: makeSnapshot({ sequence: 500, atMs: 11_000, progressRatio: 0.5 }),
    });
    await page.waitForFunction(() => document.querySelector('.head .clock')?.textContent === '0:11');
    assert.equal(await said(), first);
    await dashboard.send(storyEnd('failed'));
    await page.waitForFunction(() => /Failed/.test(document.querySelector('[role=status]')?.textContent ?? ''));
    assert.match(await said(), /Breached: itl p95 < 40 ms/);
  });
});
