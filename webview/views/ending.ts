/** What came out of the run, or why nothing did. */
import { html, nothing, type TemplateResult } from 'lit';
import { describeEnd } from '../../src/contract/describe-outcome.ts';
import type { RunErrorData } from '../../src/contract/errors.ts';
import type { DashboardState, Ending } from '../store.ts';
import { icon } from './icons.ts';
import { withCode } from './inline-code.ts';
import { runWord, VALIDITY_WORDS } from './words.ts';

export function endingView(state: DashboardState): TemplateResult | typeof nothing {
  if (state.phase === 'lost' && state.error !== undefined)
    return html`<section class="ending bad" aria-label="Result">${errorView(state.error)}</section>`;
  const { ending } = state;
  if (state.phase !== 'ended' || ending === undefined) return nothing;
  const word = runWord(state);
  const validity = VALIDITY_WORDS[ending.validity.verdict];
  return html`
    <section class="ending ${validity.tone === 'good' ? word.tone : validity.tone}" aria-label="Result">
      <p class="ending-title">
        <span class="state ${word.tone}">${icon(word.icon)}</span
        ><span>${describeEnd(ending.outcome, ending.sla, ending.validity.verdict, ending.error)}</span>
      </p>
      ${ending.outcome === 'error' && ending.error !== undefined ? errorView(ending.error) : nothing}
      ${ending.validity.verdict === 'invalid' ? nothing : validityView(ending.validity)}
      ${
        ending.validity.reasons.length === 0
          ? nothing
          : html`<ul class="reasons">
              ${ending.validity.reasons.map((reason) => html`<li>${withCode(reason.message)}</li>`)}
            </ul>`
      }
    </section>
  `;
}

function validityView({ verdict, reasons }: Ending['validity']): TemplateResult {
  const word = VALIDITY_WORDS[verdict];
  return html`
    <p class="ending-validity">
      <span class="state ${word.tone}">${icon(word.icon)}<span>Measurement ${word.word.toLowerCase()}</span></span>
      ${
        reasons.length === 0
          ? html`<span class="aside">The generator kept up; nothing speaks against the figures.</span>`
          : nothing
      }
    </p>
  `;
}

function errorView(error: RunErrorData): TemplateResult {
  return html`
    <p class="ending-title"><span class="state bad">${icon('warning')}</span><span>${error.message}</span></p>
    ${error.hint === undefined ? nothing : html`<p class="ending-hint">${error.hint}</p>`}
  `;
}
