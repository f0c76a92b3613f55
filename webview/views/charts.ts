/** The curves, or the same values as tables. */
import { html, nothing, type TemplateResult } from 'lit';
import { chartList } from '../charts/chart-list.ts';
import { formatClock, newest, type ChartLine, type ChartModel } from '../charts/chart-model.ts';
import { dashOf, isWithinReach } from '../charts/chart-options.ts';
import type { Theme } from '../charts/theme.ts';
import type { DashboardState } from '../store.ts';
import type { ViewChoices } from '../persist.ts';

/** Rows of a table are thinned to about this many: it is read, not plotted. */
const TABLE_ROWS = 24;

export function chartsView(
  state: DashboardState,
  choices: ViewChoices,
  theme: Theme,
  choose: (choices: ViewChoices) => void,
): TemplateResult | typeof nothing {
  if (state.history.whole.length === 0) return nothing;
  const charts = chartList(state, choices);
  return html`
    <section aria-labelledby="charts-title">
      <div class="section-head">
        <h2 id="charts-title">Over time</h2>
        <div class="toggles">
          ${toggle('Whole run', choices.span === 'whole', () => choose({ ...choices, span: 'whole' }))}
          ${toggle('Last 2 min', choices.span === 'recent', () => choose({ ...choices, span: 'recent' }))}
          <span class="toggle-gap"></span>
          ${toggle('Tables', choices.showTables, () => choose({ ...choices, showTables: !choices.showTables }))}
        </div>
      </div>
      <div class="charts">
        ${charts.map(
          (model) => html`
            <figure class="chart" title=${model.doc}>
              <figcaption>
                <span class="chart-title">${model.title}</span>
                <span class="legend">${model.lines.map((line) => legendEntry(model, line, theme))}</span>
              </figcaption>
              ${
                choices.showTables
                  ? chartTable(model)
                  : html`<bench-chart .theme=${theme} .model=${model}></bench-chart>`
              }
            </figure>
          `,
        )}
      </div>
    </section>
  `;
}

function legendEntry(model: ChartModel, line: ChartLine, theme: Theme): TemplateResult {
  const value = newest(line);
  return html`<span class="legend-entry">
    <svg class="swatch" viewBox="0 0 14 8" aria-hidden="true">
      <line
        x1="0"
        y1="4"
        x2="14"
        y2="4"
        stroke=${theme.colors[line.color]}
        stroke-width="2"
        stroke-dasharray=${dashOf(model, line, theme).join(' ') || 'none'}
      />
    </svg>
    ${line.label} <span class="legend-value">${value === undefined ? '–' : model.format(value)}</span>
  </span>`;
}

function chartTable(model: ChartModel): TemplateResult {
  const step = Math.max(1, Math.ceil(model.atSeconds.length / TABLE_ROWS));
  const rows = model.atSeconds.map((_, index) => index).filter((index) => index % step === 0);
  const far = model.limits.filter((limit) => !isWithinReach(model, limit.value));
  return html`
    <div class="chart-table" tabindex="0" role="region" aria-label=${`Values of ${model.title}`}>
      <table class="facts">
        <thead>
          <tr>
            <th scope="col">Time</th>
            ${model.lines.map((line) => html`<th scope="col" class="number">${line.label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (index) => html`
              <tr>
                <th scope="row">${formatClock(model.atSeconds[index] ?? 0)}</th>
                ${model.lines.map((line) => {
                  const value = line.values[index];
                  return html`<td class="number">
                    ${value === undefined || Number.isNaN(value) ? '–' : model.format(value)}
                  </td>`;
                })}
              </tr>
            `,
          )}
        </tbody>
      </table>
      ${far.length === 0 ? nothing : html`<p class="row-note">Limit: ${far.map((each) => each.label).join(', ')}</p>`}
    </div>
  `;
}

function toggle(label: string, isOn: boolean, onClick: () => void): TemplateResult {
  return html`<button class="toggle" aria-pressed=${isOn ? 'true' : 'false'} @click=${onClick}>${label}</button>`;
}
