/** The load, changed while it is being sent: a step down, the plan's, a step up, and what is in force. */
import { html, nothing, type TemplateResult } from 'lit';
import type { RateStep } from '../../src/contract/rate-steps.ts';
import { formatQuantity } from '../../src/contract/units.ts';
import type { DashboardState } from '../store.ts';
import type { Post } from './header.ts';

const BUTTONS: readonly { readonly step: RateStep; readonly label: string; readonly title: string }[] = [
  { step: 'down', label: '−10 %', title: 'A tenth of the plan’s rate less.' },
  { step: 'plan', label: '100 %', title: 'The rate as the plan has it.' },
  { step: 'up', label: '+10 %', title: 'A tenth of the plan’s rate more.' },
];

/** `110 %`, of what the plan asks for. */
export function rateText(factor: number): string {
  return formatQuantity(factor, 'ratio', 3);
}

export function rateView(state: DashboardState, post: Post): TemplateResult | typeof nothing {
  const { phase, latest } = state;
  if (latest === undefined || (phase !== 'running' && phase !== 'stopping')) return nothing;
  const isFixed = phase === 'stopping' || latest.stage.kind === 'drain';
  const factor = latest.rateFactor ?? 1;
  return html`
    <div class="rate" role="group" aria-label="Rate">
      <span class="rate-name">Rate</span>
      <span class="rate-factor ${factor === 1 ? '' : 'changed'}" title="In force now, of what the plan asks for"
        >${rateText(factor)} of the plan</span
      >
      <span class="rate-steps"
        >${BUTTONS.map(
          ({ step, label, title }) =>
            html`<vscode-button
              secondary
              title=${title}
              ?disabled=${isFixed}
              aria-disabled=${isFixed}
              @click=${() => {
                if (!isFixed) post({ type: 'changeRate', step });
              }}
              >${label}</vscode-button
            >`,
        )}</span
      >
    </div>
  `;
}
