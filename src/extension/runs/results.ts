/** Results on disk, beside their scenarios: read only, and never trusted to be whole. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { PLAN_SCHEMA, type RunPlan } from '../../contract/plan.ts';
import { RESULT_FILES, type LatestResult } from '../../contract/record.ts';
import { REPORT_SCHEMA, type ReportData } from '../../contract/report.ts';

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
