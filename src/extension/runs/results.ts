/** Results on disk, beside their scenarios: read only, and never trusted to be whole. */
import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { PLAN_SCHEMA, type RunPlan } from '../../contract/plan.ts';
import { RESULT_FILES, type LatestResult } from '../../contract/record.ts';
import { REPORT_SCHEMA, type ReportData } from '../../contract/report.ts';

const RUNNER_WRITES_WITHIN_MS = 10_000;

export function resultsFolder(scenarioFile: string): string {
  return `${scenarioFile}.results`;
}

/** The newest result's directory and state; `undefined` when there is none that can be read. */
export async function readLatest(
  scenarioFile: string,
): Promise<{ readonly directory: string; readonly latest: LatestResult } | undefined> {
  const folder = resultsFolder(scenarioFile);
  const latest = (await readJson(path.join(folder, RESULT_FILES.latest))) as Partial<LatestResult> | undefined;
  if (typeof latest?.directory !== 'string' || path.basename(latest.directory) !== latest.directory) return undefined;
  return { directory: path.join(folder, latest.directory), latest: latest as LatestResult };
}

export async function readReport(directory: string): Promise<ReportData | undefined> {
  const report = (await readJson(path.join(directory, RESULT_FILES.report))) as Partial<ReportData> | undefined;
  return report?.schema === REPORT_SCHEMA ? (report as ReportData) : undefined;
}

/** The plan that was run, as it lies in its result. */
export async function readPlan(directory: string): Promise<RunPlan | undefined> {
  const plan = (await readJson(path.join(directory, RESULT_FILES.plan))) as Partial<RunPlan> | undefined;
  return plan?.schema === PLAN_SCHEMA ? (plan as RunPlan) : undefined;
}

export async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** How long ago something was last written into a directory; `undefined` when it is not there. */
export async function quietMs(directory: string): Promise<number | undefined> {
  const names = await readdir(directory).catch(() => undefined);
  if (names === undefined) return undefined;
  const times = await Promise.all(
    names.map((name) =>
      stat(path.join(directory, name)).then(
        (found) => found.mtimeMs,
        () => 0,
      ),
    ),
  );
  return Date.now() - Math.max(0, ...times);
}

/** The process that runs this scenario now, of whatever window or terminal. A runner writes every second. */
export async function findRunner(scenarioFile: string): Promise<number | undefined> {
  const newest = await readLatest(scenarioFile);
  const pid = newest?.latest.state === 'running' ? newest.latest.pid : undefined;
  if (newest === undefined || pid === undefined || !isAlive(pid)) return undefined;
  const quietForMs = await quietMs(newest.directory);
  return quietForMs !== undefined && quietForMs < RUNNER_WRITES_WITHIN_MS ? pid : undefined;
}

/** Whether a process of this id is there (as far as this machine knows). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
