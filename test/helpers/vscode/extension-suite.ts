/** Runs compiled extension tests in a real VS Code: code-server's by default, a desktop's where the environment names one. */
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../../.ci/project.ts';
import { ensureVscodeServer, startVscodeServer } from '../../../.ci/vscode-server.ts';
import { launchChromium } from './chromium.ts';
import { compileSuite, RESULTS_VARIABLE } from './compile-suite.ts';
import type { SuiteEnd, TestResult } from './extension-host-tests.ts';

export interface ExtensionSuiteOptions {
  /** Absolute paths of test files that import from extension-host-tests.ts. */
  readonly files: readonly string[];
  /** Copied; the copy is the folder that VS Code opens. */
  readonly workspace: string;
  /** The extension under test, as its checkout; default: this project. */
  readonly extensionFolder?: string;
  readonly limitMs?: number;
}

export interface ExtensionSuiteRun {
  readonly results: readonly TestResult[];
  /** What the extension host printed. */
  readonly hostLog: readonly string[];
}

interface PreparedSuite {
  readonly extensionFolder: string;
  readonly suiteFile: string;
  readonly workspace: string;
  readonly dataFolder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly limitMs: number;
}

/** @throws when the extension host ended before its suite did. */
export async function runExtensionHostSuite(options: ExtensionSuiteOptions): Promise<ExtensionSuiteRun> {
  const folder = await mkdtemp(path.join(tmpdir(), 'benchwright-extension-suite-'));
  try {
    const resultsFile = path.join(folder, 'results.jsonl');
    const prepared: PreparedSuite = {
      extensionFolder: options.extensionFolder ?? projectRoot,
      suiteFile: path.join(folder, 'suite.cjs'),
      workspace: path.join(folder, 'workspace'),
      dataFolder: path.join(folder, 'data'),
      env: { [RESULTS_VARIABLE]: resultsFile },
      limitMs: options.limitMs ?? 180_000,
    };
    await Promise.all([
      compileSuite(options.files, prepared.suiteFile),
      cp(options.workspace, prepared.workspace, { recursive: true }),
      mkdir(prepared.dataFolder),
    ]);
    const desktop = process.env.VSCODE_EXECUTABLE;
    const hostLog = desktop ? await runInDesktop(prepared, desktop) : await runInServer(prepared);
    return { results: readResults(await readFile(resultsFile, 'utf8').catch(() => ''), hostLog), hostLog };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function readResults(text: string, hostLog: readonly string[]): TestResult[] {
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TestResult | SuiteEnd);
  const results = lines.filter((line): line is TestResult => !('isEnd' in line));
  if (lines.length > results.length) return results;
  throw new Error(
    `The extension host ended after ${results.length} tests, before its suite did. It said:\n${hostLog.join('\n')}`,
  );
}

async function runInServer(suite: PreparedSuite): Promise<string[]> {
  await ensureVscodeServer();
  const server = await startVscodeServer({ dataFolder: suite.dataFolder, env: suite.env, hasTestDriver: true });
  try {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const hostLog: string[] = [];
      await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) =>
        hostLog.push(`[${type}] ${args.join(' ')}`),
      );
      const ended = new Promise<void>((resolve, reject) => {
        const late = (): void =>
          reject(new Error(`No end after ${suite.limitMs} ms. The host said:\n${hostLog.join('\n')}`));
        const timer = setTimeout(late, suite.limitMs);
        void page.exposeFunction('codeAutomationExit', () => {
          clearTimeout(timer);
          resolve();
        });
      });
      const remote = (file: string): string => `vscode-remote://127.0.0.1:${server.port}${file}`;
      const payload = [
        ['extensionDevelopmentPath', remote(suite.extensionFolder)],
        ['extensionTestsPath', remote(suite.suiteFile)],
        ['enableProposedApi', ''],
        ['skipWelcome', 'true'],
      ];
      const query = new URLSearchParams({ folder: suite.workspace, payload: JSON.stringify(payload) });
      await page.goto(`${server.url}/?${query.toString()}`);
      await ended;
      return hostLog;
    } finally {
      await browser.close();
    }
  } finally {
    await server.dispose();
  }
}

/** `download` fetches VS Code from Microsoft where that can be reached; anything else is the path of an executable. */
async function runInDesktop(suite: PreparedSuite, desktop: string): Promise<string[]> {
  const { runTests } = await import('@vscode/test-electron');
  await runTests({
    ...(desktop === 'download' ? {} : { vscodeExecutablePath: desktop }),
    extensionDevelopmentPath: suite.extensionFolder,
    extensionTestsPath: suite.suiteFile,
    extensionTestsEnv: suite.env,
    launchArgs: [suite.workspace, `--user-data-dir=${suite.dataFolder}`, '--disable-workspace-trust', '--skip-welcome'],
  }).catch(() => {
    // A failing suite makes it reject; the results file says which test it was, or that none ran.
  });
  return ['(a desktop VS Code prints to the terminal)'];
}
