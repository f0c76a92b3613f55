/** Report formats by their id in the catalog. */
import type { RenderReport, WriteRecord } from './report-format.ts';

export const REPORT_FORMATS: Readonly<Record<string, () => Promise<RenderReport>>> = {
  json: async () => (await import('./json.ts')).renderJson,
  html: async () => (await import('./html/page.ts')).renderHtml,
  markdown: async () => (await import('./markdown.ts')).renderMarkdown,
  csv: async () => (await import('./csv.ts')).renderCsv,
  junit: async () => (await import('./junit.ts')).renderJunit,
};

/** Formats of the record itself. */
export const RECORD_FORMATS: Readonly<Record<string, () => Promise<WriteRecord>>> = {
  parquet: async () => (await import('./parquet.ts')).writeParquet,
};
