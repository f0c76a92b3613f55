/** Where the dataset is a mix: how each of its parts fared. Known when the run is over. */
import { html, nothing, type TemplateResult } from 'lit';
import { formatMeasured } from '../../src/contract/format-measured.ts';
import type { PartReport } from '../../src/contract/report.ts';
import type { DashboardState } from '../store.ts';

const DIGITS = 3;

interface Column {
  readonly title: string;
  readonly hint?: string;
  readonly cell: (part: PartReport) => string;
}

const measured = (value: number | undefined, unit: string): string =>
  value === undefined ? '–' : formatMeasured(value, unit, DIGITS);

const FAILED: Column = {
  title: 'Failed',
  hint: 'Failed requests, with those that timed out.',
  cell: ({ failed }) => count(failed),
};

export function partsView({ ending }: DashboardState): TemplateResult | typeof nothing {
  const parts = ending?.parts ?? [];
  if (parts.length === 0) return nothing;
  const columns = columnsFor(parts);
  return html`
    <section aria-labelledby="parts-title">
      <h2 id="parts-title">Parts of the mix</h2>
      <div class="scroll" role="group" aria-labelledby="parts-title" tabindex="0">
        <table class="facts">
          <thead>
            <tr>
              <th scope="col">Dataset</th>
              ${columns.map(
                ({ title, hint }) => html`<th scope="col" class="number" title=${hint ?? nothing}>${title}</th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${parts.map(
              (part) => html`
                <tr>
                  <th scope="row">${part.dataset}</th>
                  ${columns.map(({ cell }) => html`<td class="number">${cell(part)}</td>`)}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    </section>
  `;
}

/** Failures only where there are some. */
function columnsFor(parts: readonly PartReport[]): readonly Column[] {
  return [
    {
      title: 'Weight',
      hint: 'Share of what begins, as the mix asks for it: a conversation is one of them, and sends several requests.',
      cell: ({ weightRatio }) => measured(weightRatio, 'ratio'),
    },
    { title: 'Requests', cell: ({ requests }) => count(requests) },
    ...(parts.some(({ failed }) => failed > 0) ? [FAILED] : []),
    { title: 'TTFT p50', cell: ({ ttftMsP50 }) => measured(ttftMsP50, 'ms') },
    { title: 'TTFT p95', cell: ({ ttftMsP95 }) => measured(ttftMsP95, 'ms') },
    { title: 'E2E p50', cell: ({ e2eMsP50 }) => measured(e2eMsP50, 'ms') },
    { title: 'E2E p95', cell: ({ e2eMsP95 }) => measured(e2eMsP95, 'ms') },
    {
      title: 'Tokens in / out',
      hint: 'Means of a request.',
      cell: ({ inputTokensMean, outputTokensMean }) =>
        `${measured(inputTokensMean, '')} / ${measured(outputTokensMean, '')}`,
    },
  ];
}

function count(value: number): string {
  return formatMeasured(value, '', 7);
}
