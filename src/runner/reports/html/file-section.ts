/** The files beside the page: raw data for whoever wants to compute it again. */
import { RESULT_FILES } from '../../../contract/record.ts';
import { html, type Markup } from './markup.ts';

const FILES: readonly { readonly name: string; readonly doc: string; readonly format?: string }[] = [
  {
    name: RESULT_FILES.requests,
    doc: 'the record: every request with its instants and gaps, one JSON object per line',
  },
  { name: RESULT_FILES.monitors, doc: 'samples of the monitors' },
  { name: RESULT_FILES.events, doc: 'stages, the generator’s health and what else happened' },
  { name: RESULT_FILES.plan, doc: 'what was run, fully resolved; without secrets' },
  { name: RESULT_FILES.log, doc: 'the run’s log' },
  { name: RESULT_FILES.report, doc: 'everything on this page and more, for programs' },
  { name: RESULT_FILES.markdown, doc: 'tables for a pull request', format: 'markdown' },
  { name: RESULT_FILES.summaryCsv, doc: 'one row per metric', format: 'csv' },
  { name: RESULT_FILES.seriesCsv, doc: 'one row per second', format: 'csv' },
  { name: RESULT_FILES.junit, doc: 'each SLA as a test case', format: 'junit' },
];

export function fileSection(formats: readonly string[]): Markup {
  const there = FILES.filter(({ format }) => format === undefined || formats.includes(format));
  return html`<section id="files" aria-labelledby="files-title">
    <h2 id="files-title">Files beside this page</h2>
    <ul class="files">
      ${there.map(({ name, doc }) => html`<li><a href="${name}">${name}</a> ${doc}</li>`)}
    </ul>
  </section>`;
}
