/**
 * One run of the whole engine in a process of its own: `whole-run.ts URL RATE WARMUP_SECONDS SECONDS TOKENS`. Prints as JSON what was
 * delivered, how late, and what it cost.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestRecord } from '../../src/contract/outcome.ts';
import type { RunEventRecord } from '../../src/contract/record.ts';
import { startRun } from '../../src/runner/run/start-run.ts';
import { flat, forTime, makeLoad, makeStage, makeWarmup } from '../helpers/make-load.ts';
import { benchPlan } from './bench-plan.ts';
import { spreadOf } from './spread.ts';
import type { WholeRun } from './runs.ts';

const [url = '', ...numbers] = process.argv.slice(2);
const [perSecond = 1, warmupSeconds = 1, seconds = 1, tokens = 1] = numbers.map(Number);
const root = await mkdtemp(join(tmpdir(), 'benchwright-bench-'));
const load = makeLoad([makeStage('measured', flat(perSecond), forTime(seconds * 1000))], {
  warmup: makeWarmup(forTime(warmupSeconds * 1000)),
  drainMs: 20_000,
});
const plan = benchPlan(url, tokens, load, join(root, 'results'));
const handle = await startRun({ plan, secrets: {}, workers: 1 }, { onEvent: () => {} });
let rssBytes = 0;
const watch = setInterval(() => (rssBytes = Math.max(rssBytes, process.memoryUsage.rss())), 200);
const began = process.cpuUsage();
const finished = await handle.finished;
clearInterval(watch);
const cpu = process.cpuUsage(began);
const lines = async <T>(file: string): Promise<T[]> =>
  (await readFile(join(handle.directory, file), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
const all = await lines<RequestRecord>('requests.jsonl');
const events = await lines<RunEventRecord>('events.jsonl');
await rm(root, { recursive: true });
const records = all.filter((each) => each.stage !== 'warmup' && each.sentMs !== undefined);
const sent = Float64Array.from(records.map(({ sentMs }) => sentMs as number)).sort();
const samples = events.flatMap((event) => (event.type === 'generator' ? [event.sample] : []));
console.log(
  JSON.stringify({
    requests: all.length,
    failures: all.filter(({ outcome }) => outcome !== 'ok').length,
    deliveredPerSecond: ((records.length - 1) * 1000) / ((sent.at(-1) ?? 0) - (sent[0] ?? 0)),
    lagMs: spreadOf(records.map(({ sentMs, dueMs }) => (sentMs as number) - dueMs)),
    ttftMs: spreadOf(
      records.flatMap(({ firstMs, sentMs }) => (firstMs === undefined ? [] : [firstMs - (sentMs as number)])),
    ),
    itlMs: spreadOf(records.flatMap(({ itlMs }) => itlMs ?? [])),
    cpuUs: cpu.user + cpu.system,
    rssBytes,
    busiestRatio: Math.max(...samples.map(({ cpuRatio }) => cpuRatio)),
    gcPauseMsMax: Math.max(...samples.map(({ gcPauseMsMax }) => gcPauseMsMax)),
    verdict: finished.validity.verdict,
    reasons: finished.validity.reasons.map(({ code, severity }) => `${code} (${severity})`),
  } satisfies WholeRun),
);
process.exit();
