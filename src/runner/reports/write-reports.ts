/** Makes the reports of a result directory from its record: at the end of a run, and again whenever somebody asks for it. */
import { RunError } from '../../contract/errors.ts';
import { nearest } from '../../contract/nearest.ts';
import type { ReportData } from '../../contract/report.ts';
import { foldRecord } from '../measure/fold-record.ts';
import { readPageAssets } from '../platform/page-assets.ts';
import { openResultDirectory } from '../platform/result-directory.ts';
import { REPORT_FORMATS } from './registry.ts';
import type { PageAssets } from './report-format.ts';

export interface WrittenReports {
  readonly report: ReportData;
  /** Absolute paths by format id; further files of a format as `<id>:<file name>`. */
  readonly files: Readonly<Record<string, string>>;
}

/** Always written: what other programs, `compare` and regressions read. */
const ALWAYS = 'json';

/**
 * Folds the record once and writes every format from it. At the end of a run, call it when `run.ended` is on the disk: a record
 * without it is one of a run that was killed.
 *
 * @param directory Absolute.
 * @param formats Catalog ids; absent: as the plan says.
 * @param builtPage In place of the built script and styles of report.html.
 * @throws RunError RUN_RECORD_UNREADABLE, RUN_OUTPUT_NOT_WRITABLE, RUN_DISK_FULL, RUN_NOT_AVAILABLE (no such format)
 */
export async function writeReports(
  directory: string,
  formats?: readonly string[],
  builtPage?: PageAssets,
): Promise<WrittenReports> {
  const target = openResultDirectory(directory);
  const { plan, report } = await foldRecord(target);
  const ids = [...new Set([ALWAYS, ...(formats ?? plan.report.formats)])];
  const renderers = await Promise.all(ids.map(async (id) => ({ id, render: await rendererOf(id) })));
  const page = builtPage ?? (ids.includes('html') ? await readPageAssets() : undefined);
  const files: Record<string, string> = {};
  for (const { id, render } of renderers) {
    for (const [index, file] of render({ report, plan, page }).entries())
      files[index === 0 ? id : `${id}:${file.name}`] = await target.writeText(file.name, file.text);
  }
  return { report, files };
}

async function rendererOf(id: string) {
  const load = Object.hasOwn(REPORT_FORMATS, id) ? REPORT_FORMATS[id] : undefined;
  if (load !== undefined) return load();
  const meant = nearest(id, Object.keys(REPORT_FORMATS));
  throw new RunError('RUN_NOT_AVAILABLE', `There is no report format "${id}".`, {
    hint: meant === undefined ? `Formats: ${Object.keys(REPORT_FORMATS).join(', ')}.` : `Did you mean "${meant}"?`,
  });
}
