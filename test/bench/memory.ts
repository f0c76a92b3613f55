/**
 * `npm run bench:memory`: what a day of ten million requests takes: simulated time, the real path from batches over the live view to the
 * record, and the reports made from it, each in a process of its own. Other sizes: `BENCH_REQUESTS`, `BENCH_HOURS`.
 */
import { fork } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { playLongRun } from '../helpers/long-run.ts';
import { writeReports } from '../../src/runner/reports/write-reports.ts';

const REQUESTS = Number(process.env['BENCH_REQUESTS'] ?? 10_000_000);
const HOURS = Number(process.env['BENCH_HOURS'] ?? 24);
const FORMATS = ['html', 'json', 'markdown', 'csv', 'junit'];
const [part, where] = process.argv.slice(-2);

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Peak of this process so far. */
function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

/** As one bundle, like what is shipped: Node's own compiler for TypeScript takes 50 MB that no user has. */
async function bundled(into: string): Promise<string> {
  const outfile = join(into, 'bench.mjs');
  const require = 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';
  const entryPoints = [fileURLToPath(import.meta.url)];
  const { build } = await import('esbuild');
  await build({
    external: ['esbuild'],
    entryPoints,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: require },
    logLevel: 'error',
  });
  return outfile;
}

async function child(bundle: string, name: 'run' | 'report', directory: string): Promise<void> {
  const began = performance.now();
  const code = await new Promise((resolve) =>
    fork(bundle, [name, directory], { stdio: 'inherit' }).on('exit', resolve),
  );
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}`);
  say(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
}

async function sizes(directory: string): Promise<void> {
  for (const name of (await readdir(directory)).sort())
    say(`  ${name.padEnd(20)} ${mebibytes((await stat(join(directory, name))).size)}`);
}

if (part === 'run' && where !== undefined) {
  let steps = 0;
  const history = await playLongRun({
    directory: where,
    requests: REQUESTS,
    durationMs: HOURS * 3_600_000,
    onProgress(ratio) {
      if (++steps % 10 !== 0) return;
      const { rss, heapUsed } = process.memoryUsage();
      say(
        `  ${(ratio * 100).toFixed(0).padStart(3)} %  resident ${mebibytes(rss)}, heap in use ${mebibytes(heapUsed)}`,
      );
    },
  });
  say(
    `  what a live view holds: ${history.whole.length} + ${history.recent.length} bins, ${mebibytes(JSON.stringify(history).length)}`,
  );
  say(`  peak resident ${mebibytes(peakBytes())}`);
} else if (part === 'report' && where !== undefined) {
  const { report } = await writeReports(where, process.env['BENCH_FORMATS']?.split(',') ?? FORMATS, {
    script: '',
    style: '',
    scriptSha256: '',
    styleSha256: '',
  });
  say(`  ${report.requests.due} requests, ${report.series.atMs.length} points of ${report.series.binMs / 1000} s`);
  say(`  peak resident ${mebibytes(peakBytes())}`);
} else {
  const directory = await mkdtemp(join(tmpdir(), 'benchwright-memory-'));
  try {
    say(`${REQUESTS} requests over ${HOURS} h\n`);
    const bundle = await bundled(directory);
    await child(bundle, 'run', directory);
    await child(bundle, 'report', directory);
    await rm(bundle);
    await sizes(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
