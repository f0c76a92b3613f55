/** report.html: one file that opens without a network, for somebody who has to decide by it. */
import type { RunPlan } from '../../../contract/plan.ts';
import { REPORT_DATA_ELEMENT, type ReportPageData } from '../../../contract/report-page.ts';
import type { ReportData } from '../../../contract/report.ts';
import { RESULT_FILES } from '../../../contract/record.ts';
import type { PageAssets, RenderReport, ReportInput } from '../report-format.ts';
import { headline } from '../words.ts';
import { environmentSection } from './environment-section.ts';
import { failureSection } from './failure-section.ts';
import { fileSection } from './file-section.ts';
import { figureCards } from './figure-cards.ts';
import { findingSection } from './finding-section.ts';
import { latencySection } from './latency-section.ts';
import { loadSection } from './load-section.ts';
import { partSection } from './part-section.ts';
import { sessionSection } from './session-section.ts';
import { embedJson, html, Markup, NOTHING } from './markup.ts';
import { measurementSection } from './measurement-section.ts';
import { methodSection } from './method-section.ts';
import { slaSection } from './sla-section.ts';
import { pageHead, verdictBanner } from './verdict-banner.ts';

export const renderHtml: RenderReport = (input) => [{ name: RESULT_FILES.html, text: renderPage(input) }];

/** What the page's script draws from. */
function pageData(report: ReportData, plan: RunPlan): ReportPageData {
  const limits = plan.slas.flatMap(({ text, check }) =>
    check.kind === 'statistic' || check.kind === 'window'
      ? [{ metric: check.metric, label: text, limit: check.limit }]
      : [],
  );
  return { report, limits };
}

/** Nothing may be loaded from anywhere, and no script may run but the one whose hash stands here. */
function contentSecurityPolicy(page: ReportInput['page']): string {
  const hash = (sha256: string | undefined): string => (sha256 === undefined ? "'none'" : `'sha256-${sha256}'`);
  return [
    "default-src 'none'",
    `script-src ${hash(page?.scriptSha256)}`,
    `style-src ${hash(page?.styleSha256)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function renderPage({ report, plan, page }: ReportInput): string {
  const { word } = headline(report);
  const { text } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(page)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${report.run.benchmark}: ${word} – Benchwright</title>
        ${page === undefined ? NOTHING : element('style', page.style)}
      </head>
      <body>
        ${pageHead(report)}
        <main>
          ${verdictBanner(report)} ${slaSection(report)} ${figureCards(report)} ${findingSection(report)}
          ${latencySection(report)} ${chartSection(page !== undefined)} ${loadSection(report)} ${partSection(report)}
          ${sessionSection(report)} ${failureSection(report)} ${measurementSection(report)}
          ${environmentSection(report)} ${methodSection(report)} ${fileSection(plan.report.formats)}
        </main>
        <footer>
          Made by Benchwright ${report.run.version} from the run’s record. Opens without a network, and loads nothing.
        </footer>
        ${page === undefined ? NOTHING : scripts(page, report, plan)}
      </body>
    </html> `;
  return `${text.trim()}\n`;
}

function scripts(page: PageAssets, report: ReportData, plan: RunPlan): Markup {
  const data = element(
    'script',
    embedJson(pageData(report, plan)).text,
    `type="application/json" id="${REPORT_DATA_ELEMENT}"`,
  );
  return html`${data}${element('script', page.script)}`;
}

/** Its text is exactly what was hashed for the policy: not a blank more. */
function element(name: 'script' | 'style', text: string, attributes = ''): Markup {
  return new Markup(`<${name}${attributes === '' ? '' : ` ${attributes}`}>${text}</${name}>`);
}

function chartSection(hasScript: boolean): Markup {
  return html`<section id="charts" aria-labelledby="charts-title">
    <h2 id="charts-title">Over time, and how values are spread</h2>
    ${
      hasScript
        ? html`<div id="time-charts" class="charts"></div>
            <div id="spread-charts" class="charts"></div>
            <noscript
              ><p class="hint">
                The charts need JavaScript, which this browser does not run. All figures stand in the tables.
              </p></noscript
            >`
        : html`<p class="hint">
            This build of Benchwright comes without the page’s script, so there are no charts here. All figures stand in
            the tables; series.csv has them over time.
          </p>`
    }
  </section>`;
}
