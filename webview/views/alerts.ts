/** Alarms of the monitors, newest first. */
import { html, nothing, type TemplateResult } from 'lit';
import { formatClock } from '../charts/chart-model.ts';
import type { DashboardState } from '../store.ts';
import { icon } from './icons.ts';

export function alertsView(state: DashboardState): TemplateResult | typeof nothing {
  if (state.alerts.length === 0) return nothing;
  return html`
    <section aria-labelledby="alerts-title">
      <h2 id="alerts-title">Alarms</h2>
      <ul class="alerts">
        ${state.alerts.toReversed().map(
          (alert) =>
            html`<li>
              <span class="state unsure">${icon('warning')}</span>
              <span class="clock">${formatClock(alert.atMs / 1000)}</span> ${alert.text}
            </li>`,
        )}
      </ul>
    </section>
  `;
}
