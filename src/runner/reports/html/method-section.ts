/** How the figures came about: formulas of what was measured, and the rules behind all of them. */
import { METRICS } from '../../../contract/metrics.ts';
import type { ReportData } from '../../../contract/report.ts';
import { html, withCode, type Markup } from './markup.ts';

export function methodSection({ metrics }: ReportData): Markup {
  const shown = METRICS.filter(({ key }) => metrics[key] !== undefined);
  return html`<section id="method" aria-labelledby="method-title">
    <h2 id="method-title">How it was measured</h2>
    <div class="prose">
      <p>
        All instants come from one monotonic clock and are taken where the bytes arrive, before anything is parsed. The
        first token is the first network read that carries text, reasoning or a tool call; a role or an empty delta is
        none.
      </p>
      <p>
        Warm-up requests count in no figure. A stage’s requests are those due in it, answered within it or after it.
        Failed requests stand in no latency. Requests cut at the end are counted and widen the upper bounds, as if each
        had been slower than all others.
      </p>
      <p>
        Percentiles are nearest-rank. Their 95 % intervals are order statistics, which suppose nothing about the
        distribution but that requests are independent of one another: under a growing queue neighbours are alike, and
        the true intervals are wider. Gaps between tokens are alike within an answer; their intervals allow for that by
        the effective number of gaps. Shares have Wilson’s intervals, means Student’s. One window gives no interval for
        a throughput.
      </p>
      <p>
        An SLA is met when the whole interval is within its limit, breached when the whole interval is beyond it, and
        undecided otherwise.
      </p>
    </div>
    <details>
      <summary>Formulas</summary>
      <div class="scroll">
        <table class="formulas">
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col">Formula</th>
              <th scope="col">Meaning</th>
            </tr>
          </thead>
          <tbody>
            ${shown.map(
              (metric) =>
                html`<tr>
                  <th scope="row"><code>${metric.id}</code></th>
                  <td><code>${metric.formula}</code></td>
                  <td>${withCode(metric.doc)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  </section>`;
}
