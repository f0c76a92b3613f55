/** What came out of the run, or why nothing did. */
import { html, nothing, type TemplateResult } from 'lit';
import type { RunErrorData } from '../../src/contract/errors.ts';
import type { DashboardState, Ending } from '../store.ts';
import { icon } from './icons.ts';
import { runWord, VALIDITY_WORDS } from './words.ts';

export function endingView(state: DashboardState): TemplateResult | typeof nothing {
  if (state.phase === 'lost' && state.error !== undefined)
    return html`<section class="ending bad" aria-label="Result">${errorView(state.error)}</section>`;
  const { ending } = state;
  if (state.phase !== 'ended' || ending === undefined) return nothing;
  const word = runWord(state);
  const validity = VALIDITY_WORDS[ending.validity.verdict];
  return html`
    <section class="ending ${word.tone}" aria-label="Result">
      <p class="ending-title">${icon(word.icon)}<span>${sentence(ending)}</span></p>
      ${ending.error === undefined ? nothing : errorView(ending.error)}
      <p class="ending-validity">
        <span class="state ${validity.tone}"
          >${icon(validity.icon)}<span>Measurement ${validity.word.toLowerCase()}</span></span
        >
        ${
          ending.validity.reasons.length === 0
            ? html`<span class="aside">The generator kept up; nothing speaks against the figures.</span>`
            : nothing
        }
      </p>
      ${
        ending.validity.reasons.length === 0
          ? nothing
          : html`<ul class="reasons">
              ${ending.validity.reasons.map((reason) => html`<li>${reason.message}</li>`)}
            </ul>`
      }
    </section>
  `;
}

function sentence(ending: Ending): string {
  const count = (verdict: string): number => ending.sla.filter((each) => each.verdict === verdict).length;
  const total = ending.sla.length;
  const limits = `${total} ${total === 1 ? 'service level' : 'service levels'}`;
  switch (ending.outcome) {
    case 'passed':
      return total === 0 ? 'Passed: no service levels to meet' : `Passed: ${total === 1 ? 'the' : 'all'} ${limits} met`;
    case 'failed':
      return `Failed: ${count('breached')} of ${limits} breached`;
    case 'undecided':
      return `Undecided: ${count('undecided') + count('unmeasured')} of ${limits} could not be decided`;
    case 'aborted':
      return 'Aborted: the figures are of what was measured until then';
    case 'error':
      return 'The run ended early';
  }
}

function errorView(error: RunErrorData): TemplateResult {
  return html`
    <p class="ending-title">${icon('warning')}<span>${error.message}</span></p>
    ${error.hint === undefined ? nothing : html`<p class="ending-hint">${error.hint}</p>`}
  `;
}
