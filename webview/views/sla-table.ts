/** Each limit of the benchmark, what is measured against it, and how that stands. */
import { html, nothing, type TemplateResult } from 'lit';
import { formatMeasured } from '../../src/contract/format-measured.ts';
import type { SlaVerdict } from '../../src/contract/report.ts';
import { isOver, type DashboardState } from '../store.ts';
import type { Post } from './header.ts';
import { icon } from './icons.ts';
import { NOT_YET, SLA_WORDS } from './words.ts';

interface Row {
  readonly text: string;
  readonly line: number;
  readonly verdict: SlaVerdict;
  readonly actual: string;
  readonly note?: string;
  readonly title?: string;
}

export function slaView(state: DashboardState, post: Post): TemplateResult | typeof nothing {
  const rows = rowsOf(state);
  if (rows.length === 0) return nothing;
  const when = isOver(state) ? '' : 'so far';
  return html`
    <section aria-labelledby="sla-title">
      <h2 id="sla-title">Service levels <span class="aside">${when}</span></h2>
      <table class="facts">
        <thead>
          <tr>
            <th scope="col">Limit</th>
            <th scope="col" class="number">Measured</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map((row) => {
            const word = row.verdict === 'unmeasured' && !isOver(state) ? NOT_YET : SLA_WORDS[row.verdict];
            return html`
              <tr>
                <td>
                  <button
                    class="link"
                    title="Show this line in the file"
                    @click=${() => post({ type: 'reveal', line: row.line })}
                  >
                    ${row.text}
                  </button>
                  ${row.note === undefined ? nothing : html`<div class="row-note">${row.note}</div>`}
                </td>
                <td class="number" title=${row.title ?? nothing}>${row.actual}</td>
                <td>
                  <span class="state ${word.tone}">${icon(word.icon)}<span>${word.word}</span></span>
                </td>
              </tr>
            `;
          })}
        </tbody>
      </table>
    </section>
  `;
}

function rowsOf(state: DashboardState): readonly Row[] {
  const format = (actual: number | undefined, unit: string): string =>
    actual === undefined ? '–' : formatMeasured(actual, unit, 4);
  if (state.ending !== undefined && state.ending.sla.length > 0)
    return state.ending.sla.map((sla) => ({
      text: sla.text,
      line: sla.line,
      verdict: sla.verdict,
      actual: format(sla.actual, sla.unit),
      // What is met needs no explanation beyond a tooltip.
      ...(sla.note === undefined ? {} : sla.verdict === 'met' ? { title: sla.note } : { note: sla.note }),
    }));
  const live = new Map((state.latest?.sla ?? []).map((each) => [each.index, each]));
  return (state.header?.slas ?? []).map((sla, index) => ({
    text: sla.text,
    line: sla.line,
    verdict: live.get(index)?.verdict ?? 'unmeasured',
    actual: format(live.get(index)?.actual, sla.unit),
  }));
}
