/** report.html in a real browser: what it shows, that it needs nothing from outside, and that hostile text does nothing. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import * as esbuild from 'esbuild';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { createPageAssets } from '../../src/runner/platform/page-assets.ts';
import { renderHtml } from '../../src/runner/reports/html/page.ts';
import type { PageAssets } from '../../src/runner/reports/report-format.ts';
import { launchChromium } from '../helpers/vscode/chromium.ts';
import type { ExampleRecord } from '../unit/runner/measure/example-record.ts';
import { exampleRecord, hostileRecord, inputOf } from '../unit/runner/reports/example-report.ts';

const root = path.join(import.meta.dirname, '../..');
const pictures = path.join(root, '.cache/screenshots/report');
let browser: Browser;
let assets: PageAssets;
let axeSource: string;
let folder: string;

before(async () => {
  await mkdir(pictures, { recursive: true });
  folder = await mkdtemp(path.join(tmpdir(), 'benchwright-report-'));
  axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  [browser, assets] = await Promise.all([launchChromium(), bundlePage()]);
});
after(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

async function bundlePage(): Promise<PageAssets> {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['webview/report-page.ts'],
    outfile: 'dist/report-page.js',
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    target: 'es2023',
    mainFields: ['browser', 'module', 'main'],
    logLevel: 'warning',
  });
  const textOf = (extension: string): string => outputFiles.find((file) => file.path.endsWith(extension))?.text ?? '';
  return createPageAssets(textOf('.js'), textOf('.css'));
}

/** Opens the report of a record from disk, without a network, and fails on any complaint or any request but for the page. */
async function withPage(
  example: ExampleRecord,
  options: BrowserContextOptions,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const [rendered] = renderHtml(await inputOf(example, assets));
  const file = path.join(folder, 'report.html');
  await writeFile(file, rendered?.text ?? '');
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  await context.setOffline(true);
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => requests.push(request.url()));
  try {
    await page.goto(pathToFileURL(file).href);
    await use(page);
    assert.deepEqual(complaints, []);
    assert.deepEqual(requests, [pathToFileURL(file).href]);
  } finally {
    await context.close();
  }
}

const isReady = (page: Page) => page.waitForSelector('html[data-ready]', { state: 'attached' });

/** Titles of the charts with anything drawn on them. */
function drawnCharts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('figure.chart')].flatMap((figure) => {
      const canvas = figure.querySelector('canvas');
      const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return pixels.some((value) => value > 0) ? [figure.querySelector('h3')?.textContent ?? ''] : [];
    }),
  );
}

async function accessibilityViolations(page: Page): Promise<readonly string[]> {
  // Evaluated by the debugger, so that the page's own policy stays as strict as it ships.
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    interface Violation {
      readonly id: string;
      readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
    }
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    const { violations } = await axe.run();
    return violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html} ${node.failureSummary}`));
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`opens from disk without a network, in ${colorScheme} colours, readable for everybody`, async () => {
    await withPage(exampleRecord(), { colorScheme }, async (page) => {
      await isReady(page);
      assert.deepEqual(await drawnCharts(page), [
        'Request rate',
        'Output throughput',
        'Time to first token',
        'Inter-token latency',
        'Requests in flight',
        'host: utilization',
        'host: memory',
        'host: load',
        'generator: delays',
        'generator: utilization',
        'Time to first token',
        'Inter-token latency',
        'Time per output token',
        'End-to-end latency',
      ]);
      const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      assert.equal(background, colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(19, 23, 28)');
      await page.screenshot({ path: path.join(pictures, `good-${colorScheme}.png`), fullPage: true });
      assert.deepEqual(await accessibilityViolations(page), []);
    });
  });
}

test('what a server or a scenario says is shown and never run', async () => {
  await withPage(hostileRecord(), {}, async (page) => {
    await isReady(page);
    const found = await page.evaluate(() => ({
      hacked: 'hacked' in window,
      scripts: document.scripts.length,
      images: document.images.length,
      said: document.querySelector('.said code')?.textContent ?? '',
      title: document.querySelector('h1')?.textContent ?? '',
    }));
    assert.equal(found.hacked, false);
    assert.equal(found.scripts, 2);
    assert.equal(found.images, 0);
    assert.ok(found.said.includes('<script>window.hacked = true</script>'));
    assert.ok(found.title.includes('<img src=x onerror='));
    await page.screenshot({ path: path.join(pictures, 'hostile.png'), fullPage: true });
  });
});

test('the policy alone would stop a script that got into the page', async () => {
  const [rendered] = renderHtml(await inputOf(exampleRecord(), assets));
  const file = path.join(folder, 'injected.html');
  const injected =
    '<img src="x" onerror="window.hacked = 1"><script>window.hacked = 2</script><img src="http://127.0.0.1:9/">';
  await writeFile(file, (rendered?.text ?? '').replace('<main>', `<main>${injected}`));
  const page = await browser.newPage();
  const requests: string[] = [];
  page.on('requestfinished', (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  await isReady(page);
  assert.equal(await page.evaluate(() => 'hacked' in window), false);
  assert.deepEqual(requests, [pathToFileURL(file).href]);
  await page.close();
});

test('a line hides and comes back by its button in the legend', async () => {
  await withPage(exampleRecord(), {}, async (page) => {
    await isReady(page);
    const chart = page.locator('figure[data-chart="ttft"]');
    const picture = () => chart.locator('canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    const withAll = await picture();
    const button = chart.getByRole('button', { name: 'p99' });
    await button.click();
    assert.equal(await button.getAttribute('aria-pressed'), 'false');
    assert.notEqual(await picture(), withAll);
    await button.click();
    assert.equal(await picture(), withAll);
  });
});

test('formulas appear where one points or tabs to', async () => {
  await withPage(exampleRecord(), {}, async (page) => {
    await isReady(page);
    const card = page.locator('.card').first();
    const formula = card.locator('.formula');
    assert.equal(await formula.isVisible(), false);
    await card.focus();
    await formula.waitFor({ state: 'visible' });
    assert.match((await formula.textContent()) ?? '', /first − sent/);
  });
});

test('on paper colours are light, also where the system is dark', async () => {
  await withPage(exampleRecord(), { colorScheme: 'dark' }, async (page) => {
    await isReady(page);
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    assert.equal(await background(), 'rgb(255, 255, 255)');
    assert.equal((await drawnCharts(page)).length, 14);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    assert.equal(await background(), 'rgb(19, 23, 28)');
  });
});

test('in an editor the page follows the editor’s theme', async () => {
  await withPage(exampleRecord(), { colorScheme: 'light' }, async (page) => {
    await isReady(page);
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const setTheme = (name: string) => page.evaluate((theme) => (document.body.className = theme), name);
    await setTheme('vscode-body vscode-dark');
    await page.waitForFunction(() => document.documentElement.classList.contains('dark'));
    assert.equal(await background(), 'rgb(19, 23, 28)');
    await setTheme('vscode-body vscode-light');
    await page.waitForFunction(() => document.documentElement.classList.contains('light'));
    assert.equal(await background(), 'rgb(255, 255, 255)');
  });
});

test('without JavaScript every figure stands in a table, and the page says where the charts are', async () => {
  await withPage(exampleRecord(), { javaScriptEnabled: false }, async (page) => {
    assert.match((await page.locator('noscript').textContent()) ?? '', /charts need JavaScript/);
    assert.equal(await page.locator('table.sla tbody tr').count(), 5);
    assert.ok((await page.locator('table.percentiles tbody tr').count()) > 5);
  });
});
