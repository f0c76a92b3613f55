/** Failed requests by reason, most frequent first; only there when something failed. */
import { html, nothing, type TemplateResult } from 'lit';
import { FAILURE_REASONS } from '../../src/contract/outcome.ts';
import { formatNumber, formatQuantity } from '../../src/contract/units.ts';
import type { DashboardState } from '../store.ts';
import { withCode } from './inline-code.ts';

export function errorsView(state: DashboardState): TemplateResult | typeof nothing {
  const total = state.latest?.total;
  const reasons = Object.entries(total?.byReason ?? {})
    .filter(([, count]) => count > 0)
    .sort(([, left], [, right]) => right - left);
  if (total === undefined || reasons.length === 0) return nothing;
  const measured = total.ok + total.failed + total.dropped;
  return html`
    <section aria-labelledby="errors-title">
      <h2 id="errors-title">Failed requests by reason</h2>
      <table class="facts">
        <thead>
          <tr>
            <th scope="col">Reason</th>
            <th scope="col" class="number">Requests</th>
            <th scope="col" class="number">Share</th>
          </tr>
        </thead>
        <tbody>
          ${reasons.map(
            ([reason, count]) => html`
              <tr>
                <td>
                  <code>${reason}</code>
                  <div class="row-note">${withCode(docOf(reason))}</div>
                </td>
                <td class="number">${formatNumber(count, 6)}</td>
                <td class="number">${formatQuantity(count / Math.max(1, measured), 'ratio', 3)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </section>
  `;
}

/** `http-status 503` is a reason with its status behind it. */
function docOf(reason: string): string {
  const [id = reason] = reason.split(' ');
  return (FAILURE_REASONS as Readonly<Record<string, { readonly doc: string } | undefined>>)[id]?.doc ?? '';
}
