/** `npm test`: every suite, and one closing line over all of them. `npm run test:NAME` runs the named ones. */
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runChecks } from './check.ts';
import { startPreparation, type Preparation } from './preparation.ts';
import { projectRoot, runTask, TaskFailure } from './project.ts';
import { runProcess } from './run-process.ts';
import type { TallyReport } from './suite-reporter.ts';
import { suites, type Suite } from './suites.ts';
import { addTallies, closingLine, emptyTally, judgeSuite, type Tally } from './tally.ts';

const TEST_LIMIT_MS = 120_000;

async function main(): Promise<number> {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) throw new TaskFailure(`There is no suite called ${unknown.join(', ')}.`);
  const isEverything = names.length === 0;
  const chosen = isEverything ? suites : suites.filter((suite) => names.includes(suite.name));

  const startedMs = performance.now();
  const wanted = chosen.filter((suite) => !isSkipped(suite));
  const preparation = startPreparation(wanted.flatMap((suite) => suite.needs));
  const tallies: Tally[] = [];
  if (isEverything) tallies.push(await timed('check', runChecks));
  for (const suite of chosen) tallies.push(await timed(suite.name, () => runSuite(suite, preparation)));

  const total = addTallies(tallies);
  process.stdout.write(
    `\nAll of it took ${describeDuration(performance.now() - startedMs)}.\n\n${closingLine(total)}\n`,
  );
  return total.failed === 0 && total.passed + total.skipped > 0 ? 0 : 1;
}

async function timed(name: string, run: () => Promise<Tally>): Promise<Tally> {
  process.stdout.write(`\n── ${name} ${'─'.repeat(Math.max(3, 76 - name.length))}\n`);
  const startedMs = performance.now();
  const tally = await run();
  process.stdout.write(`${name}: ${closingLine(tally)}, in ${describeDuration(performance.now() - startedMs)}\n`);
  return tally;
}

function isSkipped({ skipVariable }: Suite): boolean {
  return skipVariable !== undefined && process.env[skipVariable] === '1';
}

async function runSuite(suite: Suite, preparation: Preparation): Promise<Tally> {
  if (isSkipped(suite)) {
    process.stdout.write(`Skipped, because ${suite.skipVariable}=1 is set.\n`);
    return { ...emptyTally, skipped: 1 };
  }
  const files = globSync([...suite.files], { cwd: projectRoot }).sort();
  if (files.length === 0) return failed(`There is no test file ${suite.files.join(', ')}.`);
  try {
    await preparation.ensure(suite.needs);
    if (suite.isMeasuring) await preparation.quiet();
  } catch (error) {
    return failed(error instanceof TaskFailure ? error.message : (error as Error).stack);
  }
  return runFiles(suite, suite.driver === undefined ? files : [suite.driver]);
}

async function runFiles(suite: Suite, files: readonly string[]): Promise<Tally> {
  const folder = await mkdtemp(path.join(tmpdir(), 'benchwright-tally-'));
  const tallyFile = path.join(folder, 'tally.json');
  try {
    const reporter = path.join(import.meta.dirname, 'suite-reporter.ts');
    const args = ['--test', `--test-concurrency=${suite.concurrency}`, `--test-timeout=${TEST_LIMIT_MS}`];
    const { exitCode, isTimedOut } = await runProcess(
      process.execPath,
      [...args, `--test-reporter=${reporter}`, '--test-reporter-destination=stdout', ...files],
      {
        output: 'show',
        timeoutMs: suite.limitMinutes * 60_000,
        env: { ...process.env, BENCHWRIGHT_TALLY_FILE: tallyFile },
      },
    );
    const text = await readFile(tallyFile, 'utf8').catch(() => undefined);
    const report = text === undefined ? undefined : (JSON.parse(text) as TallyReport);
    const { tally, problem } = judgeSuite({ exitCode, isTimedOut, tally: report?.tally });
    if (problem !== undefined) process.stdout.write(`  ✖ the ${suite.name} suite ${problem}\n`);
    if (isTimedOut) {
      const unfinished = files.filter((file) => !report?.endedFiles.includes(path.resolve(projectRoot, file)));
      process.stdout.write(`    not finished: ${unfinished.join(', ')}\n`);
    }
    return tally;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function failed(why: string | undefined): Tally {
  process.stdout.write(`  ✖ ${why}\n`);
  return { ...emptyTally, failed: 1 };
}

function describeDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  return seconds < 60 ? `${(durationMs / 1000).toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

await runTask(main);
