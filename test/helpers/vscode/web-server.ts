/**
 * VS Code for the Web, without a server behind it: the page of the VS Code that code-server holds, told of no remote machine.
 * Extensions run in a web worker there, and the folder comes from an extension, as on github.dev.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { vscodeFolder } from '../../../.ci/vscode-server.ts';

export interface WebServerOptions {
  /** Where the extension is unpacked. */
  readonly extensionFolder: string;
  /** Of the folder that is open: absolute path → text. */
  readonly files: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface WebServer {
  readonly url: string;
  /** Paths that were asked for and are not there. */
  readonly missing: readonly string[];
  dispose(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.cjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.ttf': 'font/ttf',
};

export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const folders: Readonly<Record<string, string>> = {
    vscode: vscodeFolder,
    benchwright: options.extensionFolder,
    'web-files': path.join(import.meta.dirname, 'web-files'),
  };
  const missing: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page');
    void bodyOf(pathname).then((body) => {
      if (body === undefined) missing.push(pathname);
      const type = pathname === '/' ? 'text/html' : (TYPES[path.extname(pathname)] ?? 'application/octet-stream');
      // The workers of VS Code share memory with the page only if it is isolated.
      const headers = { 'Content-Type': `${type}; charset=utf-8`, 'Access-Control-Allow-Origin': '*' };
      response.writeHead(body === undefined ? 404 : 200, headers).end(body);
    });
  });

  async function bodyOf(pathname: string): Promise<string | Buffer | undefined> {
    if (pathname === '/') return page(addressOf(server), options.settings);
    if (pathname === '/workspace.json') return JSON.stringify(options.files);
    const [, first = '', ...rest] = decodeURIComponent(pathname).split('/');
    const [name, parts] = first === 'extensions' ? [rest[0] ?? '', rest.slice(1)] : [first, rest];
    const folder = folders[name];
    if (folder === undefined || parts.includes('..')) return undefined;
    if (parts.at(-1) === 'workbench.js') return workbenchScript(path.join(folder, ...parts));
    return readFile(path.join(folder, ...parts)).catch(() => undefined);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://${addressOf(server)}/`,
    missing,
    dispose: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** code-server has VS Code's page look for a remote machine behind it, and keep settings there. Taken back, it is VS Code for the Web. */
const OF_CODE_SERVER: readonly (readonly [RegExp, string])[] = [
  [/,remoteAuthority:location\.host\}/, '}'],
  [
    /\w+\((\w+)\.file\(this\.userDataPath\)\.with\(\{scheme:(\w+)\.vscodeRemote\}\),"User"\)/,
    '$1.file("/User").with({scheme:$2.vscodeUserData})',
  ],
];

async function workbenchScript(file: string): Promise<string> {
  const text = await readFile(file, 'utf8');
  return OF_CODE_SERVER.reduce((script, [theirs, original]) => {
    if (!theirs.test(script)) throw new Error(`${file} has no ${theirs}: code-server changes VS Code in another way`);
    return script.replace(theirs, original);
  }, text);
}

function addressOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function page(authority: string, settings: Readonly<Record<string, unknown>>): string {
  const extension = (name: string): object => ({ scheme: 'http', authority, path: `/extensions/${name}` });
  const configuration = {
    folderUri: { scheme: 'pagefs', authority: '', path: '/workspace' },
    additionalBuiltinExtensions: [extension('web-files'), extension('benchwright')],
    configurationDefaults: settings,
    // Questions of code-server's that its page wants answered.
    isEnabledFileDownloads: true,
    isEnabledFileUploads: true,
    isEnabledCoderGettingStarted: false,
    productConfiguration: { enableTelemetry: false },
  };
  const attribute = JSON.stringify(configuration).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<!DOCTYPE html>
<html>
  <head>
    <meta charset="utf-8" />
    <meta id="vscode-workbench-web-configuration" data-settings="${attribute}" />
    <link rel="stylesheet" href="/vscode/out/vs/code/browser/workbench/workbench.css" />
  </head>
  <body aria-label=""></body>
  <script>globalThis._VSCODE_FILE_ROOT = new URL('/vscode/out/', location).toString();</script>
  <script type="module" src="/vscode/out/nls.messages.js"></script>
  <script type="module" src="/vscode/out/vs/code/browser/workbench/workbench.js"></script>
</html>
`;
}
