/** The generator about itself: whether the figures above are the server's or its own. */
import { html, nothing, type TemplateResult } from 'lit';
import { formatQuantity } from '../../src/contract/units.ts';
import type { DashboardState } from '../store.ts';
import { icon } from './icons.ts';
import { VALIDITY_WORDS } from './words.ts';

export function healthView(state: DashboardState): TemplateResult | typeof nothing {
  const { latest, ending } = state;
  if (latest === undefined) return nothing;
  const verdict = ending?.validity.verdict ?? latest.validity;
  const word = VALIDITY_WORDS[verdict];
  const { generator } = latest;
  const facts: readonly (readonly [name: string, value: string, title: string])[] = [
    ['Schedule lag', formatQuantity(generator.scheduleLagMs, 'duration', 3), 'How late requests were handed over.'],
    ['Loop lag', formatQuantity(generator.loopLagMs, 'duration', 3), 'How long the event loop was held up.'],
    ['CPU', formatQuantity(generator.cpuRatio, 'ratio', 2), 'Busy share of the busiest load worker.'],
    ['Memory', formatQuantity(generator.memoryBytes, 'bytes', 3), 'Resident memory of the runner.'],
  ];
  return html`
    <section aria-labelledby="health-title">
      <h2 id="health-title">
        Load generator
        <span class="state ${word.tone}"
          >${icon(word.icon)}<span>${word.word}${ending === undefined ? ' so far' : ''}</span></span
        >
      </h2>
      <dl class="health">
        ${facts.map(
          ([name, value, title]) =>
            html`<div title=${title}>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
    </section>
  `;
}
