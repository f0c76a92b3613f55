/** The page, top to bottom: what is it, how far is it, is it good, why. */
import { html, type TemplateResult } from 'lit';
import type { Theme } from '../charts/theme.ts';
import type { ViewChoices } from '../persist.ts';
import type { DashboardState } from '../store.ts';
import { alertsView } from './alerts.ts';
import { chartsView } from './charts.ts';
import { endingView } from './ending.ts';
import { errorsView } from './errors-table.ts';
import { figuresView } from './figures.ts';
import { headerView, type Post } from './header.ts';
import { healthView } from './health.ts';
import { partsView } from './parts-table.ts';
import { slaView } from './sla-table.ts';
import { stagesView } from './stages.ts';

export interface DashboardProps {
  readonly state: DashboardState;
  readonly choices: ViewChoices;
  readonly theme: Theme;
  readonly announcement: string;
  readonly post: Post;
  readonly choose: (choices: ViewChoices) => void;
}

export function dashboardView(props: DashboardProps): TemplateResult {
  const { state, choices, theme, post, choose } = props;
  return html`
    <main class="dashboard" data-phase=${state.phase}>
      ${headerView(state, post)}
      <div class="announcer" role="status" aria-live="polite">${props.announcement}</div>
      ${
        state.phase === 'empty'
          ? html`<p class="empty">Run a benchmark with ▶ Run above it, and its live results appear here.</p>`
          : html`
              ${endingView(state)} ${stagesView(state, post)} ${figuresView(state)} ${slaView(state, post)}
              ${partsView(state)} ${chartsView(state, choices, theme, choose)} ${errorsView(state)} ${alertsView(state)}
              ${healthView(state)}
            `
      }
    </main>
  `;
}
