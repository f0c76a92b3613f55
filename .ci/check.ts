/** `npm run check`: what a reviewer should not have to look for: types per layer, lint, formatting, dead code, architecture. */
import path from 'node:path';
import { projectRoot, runTask } from './project.ts';
import { runProcess } from './run-process.ts';
import { addTallies, emptyTally, type Tally } from './tally.ts';

interface Check {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
}

const bin = (...parts: string[]): string => path.join(projectRoot, 'node_modules', ...parts);
const layers = ['src/contract', 'src/language', 'src/runner', 'src/extension', 'webview', 'test', '.ci'];

const checks: readonly Check[] = [
  ...layers.map((layer) => ({
    name: `types of ${layer}`,
    script: bin('typescript', 'bin', 'tsc'),
    args: ['-p', layer],
  })),
  {
    name: 'lint (oxlint, type-aware)',
    script: bin('oxlint', 'bin', 'oxlint'),
    args: ['--type-aware', '--deny-warnings', '--format=unix'],
  },
  {
    name: 'formatting (prettier)',
    script: bin('prettier', 'bin', 'prettier.cjs'),
    args: ['--check', '--log-level=warn', '--cache', '--cache-location=.cache/prettier', '.'],
  },
  {
    name: 'dead code and dependencies (knip)',
    script: bin('knip', 'bin', 'knip.js'),
    args: ['--no-progress', '--no-config-hints'],
  },
];

/** Each check counts as one test. */
export async function runChecks(): Promise<Tally> {
  const tallies: Tally[] = [];
  for (const { name, script, args } of checks) {
    const startedMs = performance.now();
    const { exitCode, output } = await runProcess(process.execPath, [script, ...args], { output: 'collect' });
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    process.stdout.write(`  ${exitCode === 0 ? '✔' : '✖'} ${name}  (${seconds} s)\n`);
    if (exitCode !== 0) process.stdout.write(`${output.trimEnd().replaceAll(/^/gm, '      ')}\n`);
    tallies.push(exitCode === 0 ? { ...emptyTally, passed: 1 } : { ...emptyTally, failed: 1 });
  }
  return addTallies(tallies);
}

if (import.meta.main) {
  await runTask(async () => {
    const { failed } = await runChecks();
    const tests = path.join(import.meta.dirname, 'test.ts');
    const { exitCode } = await runProcess(process.execPath, [tests, 'architecture'], { output: 'show' });
    return failed === 0 ? exitCode : 1;
  });
}
