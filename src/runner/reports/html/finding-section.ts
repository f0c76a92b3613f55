/** What the numbers show, with what to do about it. */
import type { Finding, ReportData } from '../../../contract/report.ts';
import { html, NOTHING, withCode, type Markup } from './markup.ts';

export function findingSection({ findings }: ReportData): Markup {
  if (findings.length === 0) return NOTHING;
  return html`<section id="findings" aria-labelledby="findings-title">
    <h2 id="findings-title">Findings</h2>
    ${findings.map(article)}
  </section>`;
}

function article({ severity, title, evidence, advice }: Finding): Markup {
  const graded: readonly (readonly [string, readonly string[]])[] = [
    ['Now', advice.now],
    ['Next', advice.next],
    ['Later', advice.later],
  ];
  return html`<article class="finding ${severity}">
    <h3><span class="badge ${severity}">${severity}</span> ${title}</h3>
    <ul class="evidence">
      ${evidence.map((line) => html`<li>${withCode(line)}</li>`)}
    </ul>
    <dl class="advice">
      ${graded.map(
        ([when, lines]) =>
          lines.length > 0 &&
          html`<div>
            <dt>${when}</dt>
            <dd>${lines.map((line) => html`<p>${withCode(line)}</p>`)}</dd>
          </div>`,
      )}
    </dl>
  </article>`;
}
