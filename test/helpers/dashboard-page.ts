/** The built dashboard in a plain Chromium page: the extension's own HTML and CSP, a theme's variables, a fake `acquireVsCodeApi`. */
import * as esbuild from 'esbuild';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { FromDashboard, ToDashboard } from '../../src/contract/protocol/webview.ts';
import { dashboardHtml } from '../../src/extension/dashboard/html.ts';

const root = path.dirname(path.dirname(import.meta.dirname));
const origin = 'http://dashboard.test';

export type ThemeName = 'dark' | 'light' | 'high-contrast';

export interface DashboardPage {
  readonly page: Page;
  /** Violations of the CSP, script errors and requests beyond the page's own files. */
  readonly complaints: readonly string[];
  send(...messages: readonly ToDashboard[]): Promise<void>;
  posted(): Promise<readonly FromDashboard[]>;
  kept(): Promise<unknown>;
  setTheme(theme: ThemeName): Promise<void>;
}

export async function bundleDashboard(): Promise<ReadonlyMap<string, string>> {
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['webview/main.ts'],
    outfile: 'dist/dashboard.js',
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    target: 'es2023',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  });
  return new Map(result.outputFiles.map((file) => [path.basename(file.path), file.text]));
}

export async function openDashboard(
  browser: Browser,
  files: ReadonlyMap<string, string>,
  options: { theme: ThemeName; width: number; height: number; kept?: unknown },
): Promise<DashboardPage> {
  const context = await browser.newContext({
    viewport: { width: options.width, height: options.height },
    reducedMotion: 'reduce',
    deviceScaleFactor: 1.5,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.route('**/*', (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    const html = dashboardHtml({
      cspSource: origin,
      nonce: 'testnonce',
      scriptUri: `${origin}/dashboard.js`,
      styleUri: `${origin}/dashboard.css`,
    });
    if (name === '') return route.fulfill({ contentType: 'text/html', body: html });
    const body = files.get(name);
    if (body === undefined || !route.request().url().startsWith(origin)) {
      complaints.push(`asked for ${route.request().url()}`);
      return route.abort();
    }
    return route.fulfill({ contentType: name.endsWith('.css') ? 'text/css' : 'text/javascript', body });
  });
  const themes = JSON.parse(
    await readFile(path.join(root, 'test/fixtures/themes/vscode-themes.json'), 'utf8'),
  ) as Record<ThemeName, { bodyClass: string; variables: Record<string, string> }>;
  await page.addInitScript(
    ({ kept }) => {
      const posted: unknown[] = [];
      let state = kept;
      Object.assign(globalThis, {
        posted,
        keptState: () => state,
        acquireVsCodeApi: () => ({
          postMessage: (message: unknown) => posted.push(message),
          getState: () => state,
          setState: (next: unknown) => (state = structuredClone(next)),
        }),
      });
    },
    { kept: options.kept },
  );
  const setTheme = (theme: ThemeName): Promise<void> =>
    page.evaluate(({ bodyClass, variables }) => {
      const style = document.documentElement.style;
      style.cssText = '';
      for (const [name, value] of Object.entries(variables)) style.setProperty(name, value);
      document.body.className = bodyClass;
    }, themes[theme]);
  await page.goto(origin);
  await setTheme(options.theme);
  return {
    page,
    complaints,
    setTheme,
    send: (...messages) =>
      page.evaluate((all) => {
        for (const message of all) window.postMessage(message, '*');
      }, messages),
    posted: () => page.evaluate(() => (globalThis as unknown as { posted: FromDashboard[] }).posted),
    kept: () => page.evaluate(() => (globalThis as unknown as { keptState(): unknown }).keptState()),
  };
}
