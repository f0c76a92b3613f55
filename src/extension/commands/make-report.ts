import { openReportOf } from './open-report.ts';
import { makeReportOf } from './report-from-record.ts';
import { chooseResult } from './result-directory.ts';
import type { Workbench } from './workbench.ts';

/** From a record whose run did not live to write its report. */
export async function makeReport(workbench: Workbench, argument?: unknown): Promise<void> {
  const choice = await chooseResult(argument);
  await makeReportOf(workbench, choice);
  await openReportOf(workbench, choice);
}
