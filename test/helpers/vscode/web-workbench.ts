/** The packaged extension in VS Code for the Web; the same verbs as in any other workbench, except those that touch a disk. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { ensureVscodeServer, installVsix } from '../../../.ci/vscode-server.ts';
import { launchChromium } from './chromium.ts';
import { startWebServer, type WebServer } from './web-server.ts';
import { quietSettings, START_WITHIN_MS, themes, withoutMotion, Workbench } from './workbench.ts';

export interface WebWorkbenchOptions {
  readonly vsixFile: string;
  /** Of the folder that is open: path in it → text. */
  readonly files: Readonly<Record<string, string>>;
}

export async function openWebWorkbench({ vsixFile, files }: WebWorkbenchOptions): Promise<Workbench> {
  await ensureVscodeServer();
  const folder = await mkdtemp(path.join(tmpdir(), 'benchwright-web-'));
  let server: WebServer | undefined;
  let browser: Browser | undefined;
  const dispose = async (): Promise<void> => {
    await browser?.close();
    await server?.dispose();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await installVsix(vsixFile, folder);
    const extensions = path.join(folder, 'extensions');
    const name = (await readdir(extensions)).find((each) => each.startsWith('benchwright.'));
    server = await startWebServer({
      extensionFolder: path.join(extensions, name ?? ''),
      files: Object.fromEntries(Object.entries(files).map(([file, text]) => [`/workspace/${file}`, text])),
      settings: { ...quietSettings, 'workbench.colorTheme': themes.dark },
    });
    browser = await launchChromium();
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'en-US',
      ...withoutMotion,
    });
    const { url } = server;
    // VS Code's page has a telemetry address built in.
    await context.route(
      (address) => !address.href.startsWith(url),
      (route) => route.abort(),
    );
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const workbench = new Workbench({ page, workspace: folder, dispose, settings: {} });
    await page.goto(url, { timeout: START_WITHIN_MS });
    await workbench.ready();
    return workbench;
  } catch (error) {
    await dispose();
    throw error;
  }
}
