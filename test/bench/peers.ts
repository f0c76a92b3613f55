/**
 * The tools of others, where they are installed: CPU per streamed event of whole runs on the same server. Each is run with few and with
 * many requests, and the difference is what is divided, so that starting Python and loading a tokenizer is not counted against it.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { printTable } from './table.ts';
import { onCore, startTokenServer } from './token-server.ts';

const STREAMS = 50;
const FEW = 50;
const MANY = 250;
const LONGEST_MS = 120_000;
const run = promisify(execFile);

interface Load {
  readonly title: string;
  readonly gapMs: number;
  readonly events: number;
}

const LOADS: readonly Load[] = [
  { title: `${STREAMS} streams of 50 tokens/s`, gapMs: 20, events: 100 },
  { title: `${STREAMS} streams, tokens as fast as they are read`, gapMs: 0, events: 1000 },
];

interface Ask {
  readonly url: string;
  readonly requests: number;
  /** Of each answer. */
  readonly events: number;
  readonly folder: string;
}

interface Peer {
  readonly name: string;
  readonly program: string;
  readonly install: string;
  /** For so many streamed answers, `STREAMS` at a time. */
  arguments(ask: Ask): readonly string[];
}

const TOKENIZER = 'local/tokenizer';

const inferencePerfConfig = (requests: number): string => `inference-perf-${requests}.yaml`;

const PEERS: readonly Peer[] = [
  {
    name: 'Benchwright, whole run',
    program: process.execPath,
    install: '',
    arguments: ({ url, requests, events }) => [
      new URL('./closed-run.ts', import.meta.url).pathname,
      url,
      String(STREAMS),
      String(requests),
      String(events),
    ],
  },
  {
    name: 'aiperf',
    program: 'aiperf',
    install: 'pip install aiperf',
    arguments: ({ url, requests, events, folder }) => [
      ...['profile', '-m', 'm', '--url', url, '--endpoint-type', 'chat', '--streaming', '--ui', 'none'],
      ...['--tokenizer', join(folder, TOKENIZER), '--use-server-token-count', '--output-tokens-mean', String(events)],
      ...['--concurrency', String(STREAMS), '--request-count', String(requests)],
      ...['--input-file', join(folder, 'prompts.jsonl'), '--custom-dataset-type', 'single_turn'],
      ...['--artifact-dir', join(folder, `aiperf-${requests}`)],
    ],
  },
  {
    name: 'guidellm',
    program: 'guidellm',
    install: 'pip install guidellm',
    arguments: ({ url, requests, events, folder }) => [
      ...['run', '--backend', `kind=openai_http,target=${url},model=m`],
      ...['--profile', `kind=concurrent,streams=${STREAMS}`, '--constraint', `kind=max_requests,count=${requests}`],
      ...['--data', `kind=synthetic_text,prompt_tokens=64,output_tokens=${events}`],
      ...['--tokenizer', `kind=hf_auto,model=${join(folder, TOKENIZER)}`],
      ...['--output', `kind=json,path=${join(folder, `guidellm-${requests}.json`)}`, '--disable-console-interactive'],
    ],
  },
  {
    name: 'vllm bench serve',
    program: 'vllm',
    install: 'pip install vllm',
    arguments: ({ url, requests, events, folder }) => [
      ...['bench', 'serve', '--backend', 'openai-chat', '--base-url', url, '--endpoint', '/v1/chat/completions'],
      ...['--model', 'm', '--tokenizer', join(folder, TOKENIZER), '--dataset-name', 'random'],
      ...['--random-input-len', '64', '--random-output-len', String(events)],
      ...['--num-prompts', String(requests), '--max-concurrency', String(STREAMS), '--disable-tqdm'],
    ],
  },
  {
    name: 'inference-perf',
    program: 'inference-perf',
    install: 'pip install inference-perf (Python 3.12 or newer)',
    arguments: ({ url, requests, folder }) => [
      ...['--config_file', join(folder, inferencePerfConfig(requests)), '--server.base_url', url],
      ...['--storage.local_storage.path', join(folder, `inference-perf-${requests}`)],
    ],
  },
];

export async function comparePeers(): Promise<void> {
  for (const load of LOADS) await compareUnder(load);
  console.log(
    `\nOthers are looked for in PATH and in ~/.cache/benchwright/peers/NAME/bin (or the folder in BENCHWRIGHT_PEERS): python3 -m venv ~/.cache/benchwright/peers/aiperf && ~/.cache/benchwright/peers/aiperf/bin/pip install aiperf`,
  );
}

async function compareUnder(load: Load): Promise<void> {
  const print = printTable(`Whole programs: ${load.title}, ${MANY} less ${FEW} requests of ${load.events} events`, [
    'program',
    'version',
    'CPU µs/event',
    'CPU s, all',
    'server late, p99 ms',
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'benchwright-peers-'));
  try {
    await prepare(folder);
    for (const peer of PEERS) {
      const program = find(peer.program);
      if (program === undefined) {
        print(peer.name, '', `not installed: ${peer.install}`);
        continue;
      }
      const version = await versionOf(peer, program);
      const few = await measure(peer, program, load, FEW, folder);
      const many = typeof few === 'string' ? few : await measure(peer, program, load, MANY, folder);
      if (typeof few === 'string' || typeof many === 'string')
        print(peer.name, version, `did not run: ${typeof few === 'string' ? few : (many as string)}`);
      else {
        const perEventUs = ((many.cpuSeconds - few.cpuSeconds) * 1e6) / ((MANY - FEW) * load.events);
        const late = load.gapMs === 0 ? '' : many.lateMsP99.toFixed(2);
        print(peer.name, version, perEventUs.toFixed(1), many.cpuSeconds.toFixed(1), late);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepare(folder: string): Promise<void> {
  const tokenizer = join(folder, TOKENIZER);
  await mkdir(tokenizer, { recursive: true });
  await copyFile(
    new URL('../fixtures/tokenizers/tiny/tokenizer.json', import.meta.url),
    join(tokenizer, 'tokenizer.json'),
  );
  await writeFile(join(tokenizer, 'tokenizer_config.json'), '{"tokenizer_class":"PreTrainedTokenizerFast"}');
  for (const requests of [FEW, MANY]) {
    // JSON is YAML. Its stages cannot be given on the command line.
    const config = {
      api: { type: 'chat', streaming: true },
      data: { type: 'mock' },
      load: { type: 'concurrent', num_workers: 1, stages: [{ concurrency_level: STREAMS, num_requests: requests }] },
      server: { type: 'vllm', model_name: 'm' },
      tokenizer: { pretrained_model_name_or_path: tokenizer },
    };
    await writeFile(join(folder, inferencePerfConfig(requests)), JSON.stringify(config));
  }
  const prompts = Array.from({ length: MANY }, (_, number) => JSON.stringify({ text: `Tell me ${number} things.` }));
  await writeFile(join(folder, 'prompts.jsonl'), `${prompts.join('\n')}\n`);
}

function find(program: string): string | undefined {
  if (program.startsWith('/')) return program;
  const folder = process.env['BENCHWRIGHT_PEERS'] ?? join(homedir(), '.cache', 'benchwright', 'peers');
  const folders = [join(folder, program, 'bin'), ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.map((each) => join(each, program)).find((each) => existsSync(each));
}

/** As the Python beside the program knows it; empty where there is none. */
async function versionOf(peer: Peer, program: string): Promise<string> {
  if (program === process.execPath) return '';
  const ask = 'import sys, importlib.metadata as m; print(m.version(sys.argv[1]))';
  return run(join(dirname(program), 'python'), ['-c', ask, peer.program]).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
}

/** Or why it did not. */
async function measure(
  peer: Peer,
  program: string,
  { gapMs, events }: Load,
  requests: number,
  folder: string,
): Promise<{ readonly cpuSeconds: number; readonly lateMsP99: number } | string> {
  const server = await startTokenServer({ gapMs, eventsPerAnswer: events, firstMs: 20 });
  const args = peer.arguments({ url: server.url, requests, events, folder });
  // The shell's `time` counts all processes that a program starts and waits for.
  const timed = ['bash', '-c', 'TIMEFORMAT="cpu %U %S"; time "$@" 2>/dev/null', 'bash', program, ...args];
  const [command, ...rest] = await onCore(1, timed);
  const ran = await run(command as string, rest, {
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
