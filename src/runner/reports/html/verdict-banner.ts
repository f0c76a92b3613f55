/** The top of the page: what was run, how it ended, and whether to believe it. */
import { describeResume } from '../../../contract/describe-resume.ts';
import type { ReportData } from '../../../contract/report.ts';
import { baseName, clock, counted, headline, measured, VALIDITY_WORDS } from '../words.ts';
import { html, type Markup } from './markup.ts';

export function pageHead({ run, backend, dataset }: ReportData): Markup {
  return html`<header class="page-head">
    <p class="product">Benchwright report</p>
    <h1>${run.benchmark}</h1>
    ${run.doc !== undefined && html`<p class="doc">${run.doc}</p>`}
    <dl class="facts">
      <div>
        <dt>Started</dt>
        <dd><time datetime="${run.startedAt}">${run.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</time></dd>
      </div>
      <div>
        <dt>Took</dt>
        <dd>${clock(run.durationMs)}</dd>
      </div>
      <div>
        <dt>Backend</dt>
        <dd>${backend.name} <span class="muted">${backend.protocol}</span></dd>
      </div>
      ${
        backend.model !== undefined &&
        html`<div>
          <dt>Model</dt>
          <dd>${backend.model}</dd>
        </div>`
      }
      <div>
        <dt>Dataset</dt>
        <dd>${dataset.name} <span class="muted">${dataset.source}</span></dd>
      </div>
      <div>
        <dt>Exit code</dt>
        <dd>${run.exitCode}</dd>
      </div>
      <div>
        <dt>Scenario</dt>
        <dd title="${run.file}">${baseName(run.file)}</dd>
      </div>
    </dl>
  </header>`;
}

export function verdictBanner(report: ReportData): Markup {
  const { run, validity, requests } = report;
  const { word, sentence, tone } = headline(report);
  return html`<section class="verdict ${tone}" aria-label="Verdict">
    <div class="verdict-main">
      <p class="verdict-word">${word}</p>
      <p class="verdict-sentence">${sentence}</p>
      ${run.error !== undefined && html`<p class="verdict-error">${run.error.message} ${run.error.hint}</p>`}
      ${run.resumed?.map((each) => html`<p class="verdict-resumed">${describeResume(each)}</p>`) ?? ''}
      <p class="verdict-counts">${requestWords(requests)}</p>
    </div>
    <div class="verdict-validity ${validity.verdict}">
      <p><span class="badge ${validity.verdict}">measurement ${validity.verdict}</span></p>
      <p>${VALIDITY_WORDS[validity.verdict]}</p>
      ${
        validity.reasons.length > 0 &&
        html`<ul>
          ${validity.reasons.map(({ severity, code, message }) => html`<li><span class="badge small ${severity}">${severity}</span> <code>${code}</code> ${message}</li>`)}
        </ul>`
      }
    </div>
  </section>`;
}

function requestWords(requests: ReportData['requests']): string {
  const parts: readonly [number, string][] = [
    [requests.succeeded, 'succeeded'],
    [requests.failed, 'failed'],
    [requests.timedOut, 'timed out'],
    [requests.dropped, 'dropped'],
    [requests.abandoned, 'abandoned'],
    [requests.censored, 'cut before their end'],
  ];
  const said = parts
    .filter(([count], index) => count > 0 || index === 0)
    .map(([count, what]) => `${measured(count, '')} ${what}`);
  return `${counted(requests.due, 'measured request')}: ${said.join(', ')}.`;
}
