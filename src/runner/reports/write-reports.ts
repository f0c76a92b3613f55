/** Makes the reports of a result directory from its record: at the end of a run, and again whenever somebody asks for it. */
import { findReport } from '../../contract/catalog/reports.ts';
import { invariant, RunError } from '../../contract/errors.ts';
import { nearest } from '../../contract/nearest.ts';
import type { ReportData } from '../../contract/report.ts';
import { foldRecord } from '../measure/fold-record.ts';
import { readPageAssets } from '../platform/page-assets.ts';
import { withSmallYoungGeneration } from '../platform/young-generation.ts';
import { openResultDirectory } from '../platform/result-directory.ts';
import { RECORD_FORMATS, REPORT_FORMATS } from './registry.ts';
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
  const { plan, report } = await withSmallYoungGeneration(() => foldRecord(target));
  const ids = [...new Set([ALWAYS, ...(formats ?? plan.report.formats)])];
  const writers = await Promise.all(ids.flatMap((id) => (isOwn(RECORD_FORMATS, id) ? [writerOf(id)] : [])));
  const renderers = await Promise.all(
    ids.flatMap((id) => (isOwn(RECORD_FORMATS, id) ? [] : [rendererOf(id).then((render) => ({ id, render }))])),
  );
  const page = builtPage ?? (ids.includes('html') ? await readPageAssets() : undefined);
  const files: Record<string, string> = {};
  for (const { id, render } of renderers) {
    for (const [index, file] of render({ report, plan, page }).entries())
      files[index === 0 ? id : `${id}:${file.name}`] = await target.writeText(file.name, file.text);
  }
  for (const { id, name, write } of writers) files[id] = await target.writeWith(name, (path) => write(target, path));
  return { report, files };
}

function isOwn(formats: Readonly<Record<string, unknown>>, id: string): boolean {
  return Object.hasOwn(formats, id);
}

async function writerOf(id: string) {
  const load = RECORD_FORMATS[id];
  const entry = findReport(id);
  invariant(load !== undefined && entry !== undefined, `there is a format ${id}`);
  return { id, name: entry.file, write: await load() };
}

async function rendererOf(id: string) {
  const load = isOwn(REPORT_FORMATS, id) ? REPORT_FORMATS[id] : undefined;
  if (load !== undefined) return load();
  const known = [...Object.keys(REPORT_FORMATS), ...Object.keys(RECORD_FORMATS)];
  const meant = nearest(id, known);
  throw new RunError('RUN_NOT_AVAILABLE', `There is no report format "${id}".`, {
    hint: meant === undefined ? `Formats: ${known.join(', ')}.` : `Did you mean "${meant}"?`,
  });
}
