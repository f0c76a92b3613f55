/**
 * The tools of others, where they are installed: CPU per streamed event of whole runs on the same server. Each is run with few and with
 * many requests, and the difference is what is divided, so that starting Python and loading a tokenizer is not counted against it.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { printTable } from './table.ts';
import { onCore, startTokenServer } from './token-server.ts';

const STREAMS = 50;
const GAP_MS = 20;
const EVENTS = 100;
const FEW = 50;
const MANY = 250;
const LONGEST_MS = 120_000;

interface Peer {
  readonly name: string;
  readonly program: string;
  readonly install: string;
  /** For so many streamed answers, `STREAMS` at a time. */
  arguments(parts: { readonly url: string; readonly requests: number; readonly folder: string }): readonly string[];
}

const TOKENIZER = 'local/tokenizer';

const PEERS: readonly Peer[] = [
  {
    name: 'Benchwright, whole run',
    program: process.execPath,
    install: '',
    arguments: ({ url, requests }) => [
      new URL('./closed-run.ts', import.meta.url).pathname,
      url,
      String(STREAMS),
      String(requests),
      String(EVENTS),
    ],
  },
  {
    name: 'aiperf',
    program: 'aiperf',
    install: 'pip install aiperf',
    arguments: ({ url, requests, folder }) => [
      ...['profile', '-m', 'm', '--url', url, '--endpoint-type', 'chat', '--streaming', '--ui', 'none'],
      ...['--tokenizer', join(folder, TOKENIZER), '--use-server-token-count', '--output-tokens-mean', String(EVENTS)],
      ...['--concurrency', String(STREAMS), '--request-count', String(requests)],
      ...['--input-file', join(folder, 'prompts.jsonl'), '--custom-dataset-type', 'single_turn'],
      ...['--artifact-dir', join(folder, `aiperf-${requests}`)],
    ],
  },
  {
    name: 'guidellm',
    program: 'guidellm',
    install: 'pip install guidellm',
    arguments: ({ url, requests, folder }) => [
      ...['run', '--backend', `kind=openai_http,target=${url},model=m`],
      ...['--profile', `kind=concurrent,streams=${STREAMS}`, '--constraint', `kind=max_requests,count=${requests}`],
      ...['--data', `kind=synthetic_text,prompt_tokens=64,output_tokens=${EVENTS}`],
      ...['--tokenizer', `kind=hf_auto,model=${join(folder, TOKENIZER)}`],
      ...['--output', `kind=json,path=${join(folder, `guidellm-${requests}.json`)}`, '--disable-console-interactive'],
    ],
  },
  {
    name: 'vllm bench serve',
    program: 'vllm',
    install: 'pip install vllm',
    arguments: ({ url, requests, folder }) => [
      ...['bench', 'serve', '--backend', 'openai-chat', '--base-url', url, '--endpoint', '/v1/chat/completions'],
      ...['--model', 'm', '--tokenizer', join(folder, TOKENIZER), '--dataset-name', 'random'],
      ...['--random-input-len', '64', '--random-output-len', String(EVENTS)],
      ...['--num-prompts', String(requests), '--max-concurrency', String(STREAMS), '--disable-tqdm'],
    ],
  },
];

export async function comparePeers(): Promise<void> {
  const print = printTable(
    `Whole programs: ${STREAMS} streams of ${1000 / GAP_MS} tokens/s, ${MANY} less ${FEW} requests of ${EVENTS} events`,
    ['program', 'CPU µs/event', 'CPU s, all', 'server late, p99 ms'],
  );
  const folder = await mkdtemp(join(tmpdir(), 'benchwright-peers-'));
  try {
    await prepare(folder);
    for (const peer of PEERS) {
      const program = find(peer.program);
      if (program === undefined) {
        print(peer.name, `not installed: ${peer.install}`);
        continue;
      }
      const few = await measure(peer, program, FEW, folder);
      const many = typeof few === 'string' ? few : await measure(peer, program, MANY, folder);
      if (typeof few === 'string' || typeof many === 'string')
        print(peer.name, `did not run: ${typeof few === 'string' ? few : (many as string)}`);
      else {
        const perEventUs = ((many.cpuSeconds - few.cpuSeconds) * 1e6) / ((MANY - FEW) * EVENTS);
        print(peer.name, perEventUs.toFixed(1), many.cpuSeconds.toFixed(1), many.lateMsP99.toFixed(2));
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log(
    `\nOthers are looked for in PATH and in ~/.cache/benchwright/peers/NAME/bin (or the folder in BENCHWRIGHT_PEERS): python3 -m venv ~/.cache/benchwright/peers/aiperf && ~/.cache/benchwright/peers/aiperf/bin/pip install aiperf`,
  );
}

async function prepare(folder: string): Promise<void> {
  const tokenizer = join(folder, TOKENIZER);
  await mkdir(tokenizer, { recursive: true });
  await copyFile(
    new URL('../fixtures/tokenizers/tiny/tokenizer.json', import.meta.url),
    join(tokenizer, 'tokenizer.json'),
  );
  await writeFile(join(tokenizer, 'tokenizer_config.json'), '{"tokenizer_class":"PreTrainedTokenizerFast"}');
  const prompts = Array.from({ length: MANY }, (_, number) => JSON.stringify({ text: `Tell me ${number} things.` }));
  await writeFile(join(folder, 'prompts.jsonl'), `${prompts.join('\n')}\n`);
}

function find(program: string): string | undefined {
  if (program.startsWith('/')) return program;
  const folder = process.env['BENCHWRIGHT_PEERS'] ?? join(homedir(), '.cache', 'benchwright', 'peers');
  const folders = [join(folder, program, 'bin'), ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.map((each) => join(each, program)).find((each) => existsSync(each));
}

/** Or why it did not. */
async function measure(
  peer: Peer,
  program: string,
  requests: number,
  folder: string,
): Promise<{ readonly cpuSeconds: number; readonly lateMsP99: number } | string> {
  const server = await startTokenServer({ gapMs: GAP_MS, eventsPerAnswer: EVENTS, firstMs: 20 });
  const args = peer.arguments({ url: server.url, requests, folder });
  // The shell's `time` counts all processes that a program starts and waits for.
  const timed = ['bash', '-c', 'TIMEFORMAT="cpu %U %S"; time "$@" 2>/dev/null', 'bash', program, ...args];
  const [command, ...rest] = await onCore(1, timed);
  const ran = await promisify(execFile)(command as string, rest, {
    cwd: folder,
    env: { ...process.env, LC_ALL: 'C' },
    timeout: LONGEST_MS,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: Error) => error.message.split('\n')[0] ?? 'it failed');
  const { answers, lateMsP99 } = await server.stop();
  if (typeof ran === 'string') return ran;
  if (answers < requests) return `${answers} of ${requests} answers were fetched`;
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(ran.stderr) ?? [];
  return { cpuSeconds: Number(user) + Number(system), lateMsP99 };
}
