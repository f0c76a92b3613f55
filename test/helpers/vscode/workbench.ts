/** The packaged extension in a real VS Code, and the verbs with which a person would use it. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { ensureVscodeServer, installVsix, startVscodeServer, type VscodeServer } from '../../../.ci/vscode-server.ts';
import { launchChromium } from './chromium.ts';
import { describeWebviews, findWebview } from './webviews.ts';

// VS Code rewrites the older names ("Default Light Modern") in the settings file, which shows as a notification.
export const themes = {
  light: 'Light Modern',
  dark: 'Dark Modern',
  'high-contrast': 'Default High Contrast',
} as const;
export type Theme = keyof typeof themes;

/** As VS Code lists them. */
const themeLabels = { ...themes, 'high-contrast': 'Dark High Contrast' } as const;
const themeClasses = { light: '.vs:not(.hc-light)', dark: '.vs-dark', 'high-contrast': '.hc-black' } as const;

export interface WorkbenchOptions {
  /** The packaged extension; `packagedVsix()` of .ci/package.ts makes it where it is stale. */
  readonly vsixFile: string;
  /** Copied; the copy is the folder that VS Code opens. */
  readonly workspace: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly theme?: Theme;
  /** Ask about trusting the folder, as VS Code does by default. Off: the folder is trusted. */
  readonly hasWorkspaceTrust?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** One row of the Problems panel. */
export interface Problem {
  readonly severity: string;
  readonly text: string;
}

const WAIT_MS = 30_000;

/** VS Code opens in 8 s on two free cores; the same work took 29 s beside 6 other busy processes, and 78 s beside 14. */
export const START_WITHIN_MS = 100_000;

/** An input box or list that was answered or dismissed fades out: for a moment it is still visible, and deaf. */
const QUICK_INPUT = '.quick-input-widget:not(.quick-input-widget-closing)';

/** Things of VS Code come and go at once, so that what is still visible is still there. */
export const withoutMotion = { reducedMotion: 'reduce' } as const;

// Nothing of VS Code's own that could cover what a test wants to click.
export const quietSettings = {
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'git.enabled': false,
  // In a browser it is on by default; a person's journey saves.
  'files.autoSave': 'off',
};

export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  await ensureVscodeServer();
  const folder = await mkdtemp(path.join(tmpdir(), 'benchwright-workbench-'));
  const workspace = path.join(folder, 'workspace');
  const dataFolder = path.join(folder, 'data');
  let server: VscodeServer | undefined;
  let browser: Browser | undefined;
  const dispose = async (): Promise<void> => {
    await browser?.close();
    await server?.dispose();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await cp(options.workspace, workspace, { recursive: true });
    await installVsix(options.vsixFile, dataFolder);
    server = await startVscodeServer({
      dataFolder,
      hasWorkspaceTrust: options.hasWorkspaceTrust ?? false,
      ...(options.env ? { env: options.env } : {}),
    });
    browser = await launchChromium();
    const context = await browser.newContext({
      viewport: options.viewport ?? { width: 1440, height: 900 },
      locale: 'en-US',
      ...withoutMotion,
    });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT_MS);
    const workbench = new Workbench({ page, workspace, dispose, settings: options.settings ?? {} });
    await workbench.setTheme(options.theme ?? 'dark');
    await page.goto(
      `${server.url}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent('[["skipWelcome","true"]]')}`,
      { timeout: START_WITHIN_MS },
    );
    await workbench.ready();
    return workbench;
  } catch (error) {
    await dispose();
    throw error;
  }
}

interface UntilOptions {
  readonly limitMs?: number;
  readonly seen?: () => Promise<string>;
}

interface WorkbenchParts {
  readonly page: Page;
  readonly workspace: string;
  readonly dispose: () => Promise<void>;
  readonly settings: Readonly<Record<string, unknown>>;
}

export class Workbench {
  readonly page: Page;
  /** The folder that is open; tests may read and write files in it. */
  readonly workspace: string;
  /** What pages and webviews wrote to the browser's console as errors, VS Code's own (many) included. */
  readonly consoleErrors: string[] = [];
  /** Ends browser and server, and removes the workspace. */
  readonly dispose: () => Promise<void>;
  readonly #settings: Readonly<Record<string, unknown>>;

  constructor({ page, workspace, dispose, settings }: WorkbenchParts) {
    this.page = page;
    this.workspace = workspace;
    this.dispose = dispose;
    this.#settings = settings;
    page.on('console', (message) => {
      if (message.type() === 'error') this.consoleErrors.push(message.text());
    });
  }

  get securityPolicyViolations(): string[] {
    return this.consoleErrors.filter((each) => each.includes('Content Security Policy'));
  }

  async ready(): Promise<void> {
    const row = this.page.locator('.monaco-workbench .explorer-folders-view .monaco-list-row').first();
    await row.waitFor({ timeout: START_WITHIN_MS });
    await this.page.locator('.statusbar .statusbar-item').first().waitFor();
    // Empty without AI features, but there: a first start opens it for the chat whatever the settings say.
    const secondarySideBar = this.page.locator('.part.auxiliarybar');
    if (await secondarySideBar.isVisible()) {
      await this.#retry(async () => {
        await this.page.keyboard.press('Control+Alt+b');
        await secondarySideBar.waitFor({ state: 'hidden', timeout: 2_000 });
      });
    }
  }

  /** As after "Reload Window": same server, same workspace, all extensions anew. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /** Takes effect in the open window too. */
  async setTheme(theme: Theme): Promise<void> {
    const folder = path.join(this.workspace, '.vscode');
    await mkdir(folder, { recursive: true });
    const settings = { ...quietSettings, ...this.#settings, 'workbench.colorTheme': themes[theme] };
    await writeFile(path.join(folder, 'settings.json'), JSON.stringify(settings, undefined, 2));
  }

  /** As a person does it, which also works where the settings lie on no disk. */
  async chooseTheme(theme: Theme): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    const label = themeLabels[theme];
    const row = this.page.locator(`${QUICK_INPUT} .quick-input-list .monaco-list-row`, { hasText: label });
    // The list has only those rows that are seen.
    await this.#retry(async () => {
      await this.page.locator(`${QUICK_INPUT} input[type="text"]`).fill(label, { timeout: 2_000 });
      await row.waitFor({ timeout: 3_000 });
    });
    await row.click();
    await this.#themeIs(theme);
  }

  #themeIs(theme: Theme): Promise<void> {
    return this.page.locator(`.monaco-workbench${themeClasses[theme]}`).waitFor();
  }

  /** By its path in the workspace, or enough of its name to be the first hit. */
  async openFile(name: string): Promise<void> {
    await this.#quickInput('Control+p', name);
    await this.page.locator(`.tab.active[data-resource-name="${path.posix.basename(name)}"]`).waitFor();
    await this.page.locator('.editor-instance .view-lines').first().waitFor();
  }

  /** By its title in the command palette, category included: `Benchwright: Run`. */
  async runCommand(title: string): Promise<void> {
    await this.#quickInput('F1', `>${title}`);
  }

  async #quickInput(key: string, text: string): Promise<void> {
    const input = this.page.locator(`${QUICK_INPUT} input[type="text"]`);
    const wanted = text.replace(/^>/, '').split('/').at(-1) ?? text;
    const row = this.page.locator(`${QUICK_INPUT} .quick-input-list .monaco-list-row`, { hasText: wanted }).first();
    // A key typed while the workbench is still taking focus is lost, and a report or dashboard that has just opened takes
    // the focus when its page is there, which closes the list; so it is asked for until something was chosen from it.
    await this.#retry(async () => {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press(key);
      await input.waitFor({ timeout: 2_000 });
      await input.fill(text, { timeout: 2_000 });
      await row.waitFor({ timeout: 3_000 });
      // What was chosen may reload the page, which is not waited for: it would be chosen once more.
      await row.click({ timeout: 5_000, noWaitAfter: true });
    });
    // Some commands ask on in the same place.
    await row.waitFor({ state: 'hidden', timeout: 5_000 }).catch(() => undefined);
  }

  /** The input box that asks for what `text` names, once it takes what is typed. */
  async inputBox(text: string): Promise<Locator> {
    const input = this.page.locator(QUICK_INPUT, { hasText: text }).locator('.quick-input-box input');
    await input.and(this.page.locator(':focus')).waitFor();
    return input;
  }

  /** Types the answer into the input box that asks for what `text` names. */
  async answer(text: string, value: string): Promise<void> {
    const input = await this.inputBox(text);
    await this.type(value);
    await this.until(
      async () => (await input.inputValue()) === value,
      `the answer in the input box ${JSON.stringify(text)}`,
    );
    await this.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  /** Chooses what reads so from the list that is open, or about to be. */
  async pick(text: string): Promise<void> {
    await this.page.locator(`${QUICK_INPUT} .quick-input-list .monaco-list-row`, { hasText: text }).click();
  }

  async clickCodeLens(title: string, nth = 0): Promise<void> {
    await this.codeLens(title).nth(nth).click();
  }

  codeLens(title: string): Locator {
    return this.page.locator('.codelens-decoration a', { hasText: title });
  }

  /** Puts the cursor there (1-based) and gives the editor the keyboard. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.#quickGoTo(`${line}:${column}`);
  }

  async #quickGoTo(place: string): Promise<void> {
    const input = this.page.locator(`${QUICK_INPUT} input[type="text"]`);
    await this.#retry(async () => {
      await this.page.keyboard.press('Control+g');
      await input.waitFor({ timeout: 2_000 });
      await input.fill(`:${place}`, { timeout: 2_000 });
    });
    await this.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  /** Types at the cursor, key by key, as a person would. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: 15 });
  }

  async save(): Promise<void> {
    await this.page.keyboard.press('Control+s');
    await this.page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
  }

  /** The suggestions on offer, asked for with Ctrl+Space. */
  async completions(): Promise<string[]> {
    await this.page.keyboard.press('Control+Space');
    const rows = this.page.locator('.suggest-widget.visible .monaco-list-row');
    await rows.first().waitFor();
    return rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label') ?? ''));
  }

  /** What hovering the first editor text that reads like this shows. */
  async hover(text: string): Promise<string> {
    await this.page.locator('.view-lines .view-line span span', { hasText: text }).first().hover();
    const content = this.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content').first();
    await content.waitFor();
    return content.innerText();
  }

  /** Waits until the Problems panel shows `count` rows (or any, where not given) and reads them. */
  async problems(count?: number): Promise<Problem[]> {
    const rows = this.page.locator('.markers-panel .monaco-list-row:has(.marker-icon)');
    if (!(await this.page.locator('.markers-panel').isVisible()))
      await this.runCommand('Problems: Focus on Problems View');
    await this.page.locator('.markers-panel').waitFor();
    if (count !== undefined) await this.until(async () => (await rows.count()) === count, `${count} problems`);
    else await rows.first().waitFor();
    return rows.evaluateAll((all) =>
      all.map((row) => ({
        severity:
          /codicon-(error|warning|info|lightbulb)/.exec(row.querySelector('.marker-icon')?.innerHTML ?? '')?.[1] ??
          'unknown',
        text: (row as HTMLElement).innerText.replaceAll('\u00a0', ' ').replaceAll('\n', ' '),
      })),
    );
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast', { hasText: text });
  }

  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item', { hasText: text });
  }

  tab(title: string | RegExp): Locator {
    return this.page.locator('.tab', { hasText: title });
  }

  /** The document inside a webview that has an element matching `selector`. @throws naming the webviews that there were. */
  async webview(selector: string): Promise<Frame> {
    let found: Frame | undefined;
    await this.until(
      async () => (found = await findWebview(this.page, selector)) !== undefined,
      `a webview with ${selector}`,
      { seen: () => this.#seen() },
    );
    return found!;
  }

  /** What a person would tell of who waits for something else. */
  async #seen(): Promise<string> {
    const textsOf = async (selector: string): Promise<readonly string[]> =>
      (await this.page.locator(selector).filter({ visible: true }).allInnerTexts()).map((text) =>
        JSON.stringify(text.replaceAll(/\s+/g, ' ').trim()),
      );
    const parts = [
      ['webviews', await describeWebviews(this.page)],
      ['notifications', await textsOf('.notification-toast')],
      ['input boxes', await textsOf(QUICK_INPUT)],
      ['unsaved', await textsOf('.tab.dirty')],
    ] as const;
    return parts.map(([what, all]) => `${what}: ${all.join('; ') || 'none'}`).join('\n  ');
  }

  /** @returns the file, under `.cache/screenshots/`, or `BENCHWRIGHT_SCREENSHOTS` where that is set. */
  async screenshot(name: string, theme?: Theme): Promise<string> {
    if (theme) {
      await this.setTheme(theme);
      await this.#themeIs(theme);
    }
    const folder =
      process.env.BENCHWRIGHT_SCREENSHOTS ?? path.join(import.meta.dirname, '..', '..', '..', '.cache', 'screenshots');
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, `${name}${theme ? `-${theme}` : ''}.png`);
    await this.page.screenshot({ path: file, animations: 'disabled' });
    return file;
  }

  /** Asks again until it is so. @throws naming what was waited for, and what was `seen` instead. */
  async until(
    isSo: () => Promise<boolean>,
    what: string,
    { limitMs = WAIT_MS, seen }: UntilOptions = {},
  ): Promise<void> {
    const deadlineMs = performance.now() + limitMs;
    while (!(await isSo())) {
      if (performance.now() > deadlineMs) {
        const instead = seen === undefined ? '' : `. There were\n  ${await seen()}`;
        throw new Error(`Waited ${limitMs} ms in vain for ${what}${instead}`);
      }
      await this.page.waitForTimeout(100);
    }
  }

  async #retry(attempt: () => Promise<void>): Promise<void> {
    const deadlineMs = performance.now() + WAIT_MS;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (performance.now() > deadlineMs) throw error;
      }
    }
  }
}
