/** What failed, why, and what the server said about it. */
import { FAILURE_REASONS, type FailureReason } from '../../../contract/outcome.ts';
import type { FailureSummary, ReportData } from '../../../contract/report.ts';
import { clock, measured } from '../words.ts';
import { html, withCode, type Markup } from './markup.ts';

export function failureSection({ failures = [], requests }: ReportData): Markup {
  return html`<section id="failures" aria-labelledby="failures-title">
    <h2 id="failures-title">Failures</h2>
    ${
      failures.length === 0
        ? html`<p class="hint">No measured request failed.</p>`
        : html`<div class="scroll">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Reason</th>
                    <th scope="col">Class</th>
                    <th scope="col" class="number">Requests</th>
                    <th scope="col" class="number">Share</th>
                    <th scope="col" class="number">First</th>
                    <th scope="col">In its own words</th>
                  </tr>
                </thead>
                <tbody>
                  ${failures.map((each) => row(each, requests.due))}
                </tbody>
              </table>
            </div>
            <p class="hint">Failed requests stand in no latency, and always in the denominator of goodput.</p>`
    }
  </section>`;
}

function row({ reason, class: kind, count, firstAtMs, detail }: FailureSummary, due: number): Markup {
  const known = FAILURE_REASONS[reason.split(' ', 1)[0] as FailureReason] as { readonly doc: string } | undefined;
  return html`<tr>
    <th scope="row"><code>${reason}</code><span class="where">${withCode(known?.doc)}</span></th>
    <td>${kind}</td>
    <td class="number">${measured(count, '')}</td>
    <td class="number">${measured(count / due, 'ratio')}</td>
    <td class="number">${clock(firstAtMs)}</td>
    <td class="said">
      ${detail === undefined ? html`<span class="muted">nothing</span>` : html`<code>${detail}</code>`}
    </td>
  </tr>`;
}
