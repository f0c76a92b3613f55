/** What is built: one line per file that ships, with the program it runs in. */

/** Which program loads the bundle decides module format, target and what may stay outside it. */
export type BundleKind =
  /** VS Code's extension host: CommonJS, `vscode` provided. */
  | 'extension'
  /** Node >= 22.19: ECMAScript modules. */
  | 'node'
  /** Whatever Node the user has, 18 included: it only looks for a new enough one, or says that there is none. */
  | 'launcher'
  /** A webview, or a page that opens from disk: one script and one style sheet that fetch nothing. */
  | 'browser'
  /** VS Code's extension host in a web page: CommonJS, `vscode` provided, nothing of Node's. */
  | 'web-extension'
  /** A web worker: one script. */
  | 'worker';

export interface Bundle {
  /** The file in dist/; CSS that its entry imports becomes a file of the same name. */
  readonly name: string;
  readonly entry: string;
  readonly kind: BundleKind;
}

export const bundles: readonly Bundle[] = [
  { name: 'cli.js', entry: 'src/runner/cli.ts', kind: 'launcher' },
  { name: 'cli-main.js', entry: 'src/runner/cli-main.ts', kind: 'node' },
  { name: 'runner.js', entry: 'src/runner/main.ts', kind: 'launcher' },
  { name: 'start-run.js', entry: 'src/runner/run/start-run.ts', kind: 'node' },
  { name: 'load-worker.js', entry: 'src/runner/run/load-worker.ts', kind: 'node' },
  { name: 'simulator.js', entry: 'src/runner/simulator/main.ts', kind: 'node' },
  { name: 'language-server.js', entry: 'src/language/main.ts', kind: 'node' },
  { name: 'language-server-web.js', entry: 'src/language/main-browser.ts', kind: 'worker' },
  { name: 'extension.cjs', entry: 'src/extension/extension.ts', kind: 'extension' },
  { name: 'extension-web.cjs', entry: 'src/extension/extension-web.ts', kind: 'web-extension' },
  { name: 'dashboard.js', entry: 'webview/main.ts', kind: 'browser' },
  { name: 'report-page.js', entry: 'webview/report-page.ts', kind: 'browser' },
];
