/**
 * How long an editor waits for the language server: the real process on stdio, a file of 5,000 lines, a workspace of 500 files. Prints figures,
 * judges nothing.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { TextDocument } from 'langium';
import { largeScenario } from '../helpers/large-scenario.ts';
import { startLanguageClient, type LanguageClient } from '../helpers/language-client.ts';

const LINES = 5000;
const FILES = 500;
const ROUNDS = 40;
const WARM_UP_ROUNDS = 8;
/** Longer than the server waits before it looks at data files. */
const SETTLE_MS = 700;

/** Typed into the file and taken out again: which place, and what. The server answers each with diagnostics, whether it is a mistake or not. */
const KEYSTROKES = {
  'inside a name': { before: 'send    prompts-', added: 'x' },
  'inside a number': { before: 'warmup ', added: '5 x ' },
  'a new line in a block': { before: 'in-flight at most 4096', added: '\n  ovrload queue' },
  'a half-typed statement': { before: 'protocol openai.chat', added: '\n  url ' },
  'a declaration that is not closed': { before: 'rps for 2 min }\n', added: '  stage half { rate ' },
  'a param that everything uses': { before: 'param common-goal = 10', added: 'x' },
} as const;

const closers: (() => void)[] = [];
const life = { after: (close: () => void) => void closers.push(close) };

function middle(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function print(what: string, samples: readonly number[]): void {
  const [median, p95] = [middle(samples, 0.5), middle(samples, 0.95)].map((value) => value.toFixed(1).padStart(7));
  process.stdout.write(`  ${what.padEnd(46)} median ${median} ms   p95 ${p95} ms   (${samples.length})\n`);
}

/** CPU time and memory of the server, where the system tells (Linux). */
function usageOf(pid: number): { cpuMs: number; memoryBytes: number } | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return { cpuMs: (Number(fields[11]) + Number(fields[12])) * 10, memoryBytes: pages * 4096 };
  } catch {
    return undefined;
  }
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await run();
  return performance.now() - startMs;
}

/** The file in the editor: what is typed goes to the server as the one change that it is. */
class OpenFile {
  readonly #client: LanguageClient;
  readonly #file: string;
  #document: TextDocument;

  constructor(client: LanguageClient, file: string, text: string) {
    this.#client = client;
    this.#file = file;
    this.#document = TextDocument.create(pathToFileURL(file).href, 'bench', 1, text);
  }

  get text(): string {
    return this.#document.getText();
  }

  positionAt(offset: number): { line: number; character: number } {
    return this.#document.positionAt(offset);
  }

  /** Until the diagnostics are those of the changed text. */
  async replace(from: number, to: number, added: string): Promise<number> {
    const change = { range: { start: this.positionAt(from), end: this.positionAt(to) }, text: added };
    const version = this.#document.version + 1;
    this.#document = TextDocument.update(this.#document, [change], version);
    return timed(async () => {
      const published = this.#client.nextDiagnosticsOf(this.#file);
      await this.#client.notify('textDocument/didChange', {
        textDocument: { uri: this.#document.uri, version },
        contentChanges: [change],
      });
      await published;
    });
  }
}

async function benchTyping(client: LanguageClient, file: string, text: string): Promise<void> {
  const open = new OpenFile(client, file, text);
  const uri = pathToFileURL(file).href;
  const opening = await timed(async () => {
    const published = client.nextDiagnosticsOf(file);
    await client.open(file, text);
    await published;
  });
  print(`opening ${text.split('\n').length} lines, first time`, [opening]);
  await sleep(SETTLE_MS);
  const all: number[] = [];
  for (const [what, { before, added }] of Object.entries(KEYSTROKES)) {
    const samples: number[] = [];
    const completions: number[] = [];
    for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
      const near = Math.floor((text.length * ((round * 37) % 100)) / 100);
      const found = open.text.indexOf(before, near);
      const at = (found < 0 ? open.text.indexOf(before) : found) + before.length;
      const complete = (): Promise<number> =>
        timed(() =>
          client.request('textDocument/completion', {
            textDocument: { uri },
            position: open.positionAt(at + added.length),
          }),
        );
      // An editor asks while the server has only just heard of the keystroke.
      const seen = open.replace(at, at, added);
      const completing = await complete();
      const typing = await seen;
      const undoing = await open.replace(at, at + added.length, '');
      if (round < WARM_UP_ROUNDS) continue;
      samples.push(typing, undoing);
      completions.push(completing);
    }
    print(`diagnostics after ${what}`, samples);
    print(`completion after ${what}`, completions);
    all.push(...samples);
  }
  print('diagnostics after a keystroke, all places', all);
}

async function benchRequests(client: LanguageClient, file: string, lines: number): Promise<void> {
  const textDocument = { uri: pathToFileURL(file).href };
  const visible = { start: { line: lines / 2, character: 0 }, end: { line: lines / 2 + 60, character: 0 } };
  const requests: Readonly<Record<string, object>> = {
    'textDocument/semanticTokens/full': { textDocument },
    'textDocument/documentSymbol': { textDocument },
    'textDocument/foldingRange': { textDocument },
    'textDocument/codeLens': { textDocument },
    'textDocument/inlayHint': { textDocument, range: visible },
    'textDocument/documentLink': { textDocument },
  };
  for (const [method, params] of Object.entries(requests)) {
    const samples: number[] = [];
    for (let round = 0; round < 12; round++) samples.push(await timed(() => client.request(method, params)));
    print(method.slice('textDocument/'.length), samples.slice(2));
  }
}

async function benchWorkspace(folder: string): Promise<void> {
  const names = Array.from({ length: FILES }, (_, index) => `part-${index}.bench`);
  names.forEach((name, index) => {
    const imports = index === 0 ? [] : [`./part-${Math.floor((index - 1) / 2)}.bench`];
    const text = largeScenario({ lines: 100, seed: index, prefix: `f${index}x`, imports });
    writeFileSync(path.join(folder, name), text);
  });
  const main = path.join(folder, 'main.bench');
  const text = 'import "./part-499.bench"\nparam goal = 5 rps\n';
  writeFileSync(main, text);
  const { client, ms } = await started(folder);
  const indexing = await timed(async () => {
    const published = client.nextDiagnosticsOf(main);
    await client.open(main, text);
    await published;
  });
  print('starting the server', [ms]);
  print(`a workspace of ${FILES} files, to the first diagnostics`, [indexing]);
  const indexed = await indexedFiles(client);
  if (indexed !== FILES) throw new Error(`only ${indexed} of ${FILES} files are indexed`);
  const usage = client.pid === undefined ? undefined : usageOf(client.pid);
  if (usage !== undefined)
    process.stdout.write(
      `  the server then: ${(usage.memoryBytes / 2 ** 20).toFixed(0)} MiB, ${(usage.cpuMs / 1000).toFixed(1)} s of CPU\n`,
    );
}

/** In how many files the server knows a benchmark of the generated ones. */
async function indexedFiles(client: LanguageClient): Promise<number> {
  const symbols = (await client.request('workspace/symbol', { query: 'nightly-f' })) as
    readonly { location: { uri: string } }[] | null;
  return new Set(symbols?.map(({ location }) => location.uri)).size;
}

async function started(folder: string): Promise<{ client: LanguageClient; ms: number }> {
  const startMs = performance.now();
  const client = await startLanguageClient(life, folder);
  return { client, ms: performance.now() - startMs };
}

const root = mkdtempSync(path.join(tmpdir(), 'benchwright-language-'));
try {
  process.stdout.write(`One file of ${LINES} lines:\n`);
  const alone = path.join(root, 'alone');
  mkdirSync(alone);
  const file = path.join(alone, 'main.bench');
  const generated = largeScenario({ lines: LINES, seed: 1 });
  const text = `param common-goal = 10 s\n${generated.replaceAll('e2e  p99 < 10 s', 'e2e  p99 < common-goal')}`;
  writeFileSync(file, text);
  const { client } = await started(alone);
  const before = client.pid === undefined ? undefined : usageOf(client.pid);
  await benchTyping(client, file, text);
  await benchRequests(client, file, LINES);
  const after = client.pid === undefined ? undefined : usageOf(client.pid);
  if (before !== undefined && after !== undefined)
    process.stdout.write(
      `  the server then: ${(after.memoryBytes / 2 ** 20).toFixed(0)} MiB, ${((after.cpuMs - before.cpuMs) / 1000).toFixed(1)} s of CPU for all of this\n`,
    );
  process.stdout.write(`\nA workspace:\n`);
  const workspace = path.join(root, 'workspace');
  mkdirSync(workspace);
  await benchWorkspace(workspace);
} finally {
  for (const close of closers) close();
  rmSync(root, { recursive: true, force: true });
}
