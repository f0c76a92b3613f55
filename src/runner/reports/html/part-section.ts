/** Where the dataset is a mix: how each of its parts fared. */
import type { ReportData } from '../../../contract/report.ts';
import { measured } from '../words.ts';
import { html, NOTHING, type Markup } from './markup.ts';

export function partSection({ parts, sessions }: ReportData): Markup {
  if (parts === undefined) return NOTHING;
  return html`<section id="parts" aria-labelledby="parts-title">
    <h2 id="parts-title">Parts of the mix</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Dataset</th>
            <th scope="col" class="number">Weight</th>
            <th scope="col" class="number">Requests</th>
            <th scope="col" class="number">Succeeded</th>
            <th scope="col" class="number">Failed</th>
            <th scope="col" class="number">Input tokens<br />mean</th>
            <th scope="col" class="number">Output tokens<br />mean</th>
            <th scope="col" class="number">TTFT p50</th>
            <th scope="col" class="number">TTFT p95</th>
            <th scope="col" class="number">E2E p50</th>
            <th scope="col" class="number">E2E p95</th>
          </tr>
        </thead>
        <tbody>
          ${parts.map(
            (each) =>
              html`<tr>
                <th scope="row">${each.dataset}</th>
                <td class="number">${measured(each.weightRatio, 'ratio')}</td>
                <td class="number">${measured(each.requests, '')}</td>
                <td class="number">${measured(each.succeeded, '')}</td>
                <td class="number">${measured(each.failed, '')}</td>
                <td class="number">${measured(each.inputTokensMean, '')}</td>
                <td class="number">${measured(each.outputTokensMean, '')}</td>
                <td class="number">${measured(each.ttftMsP50, 'ms')}</td>
                <td class="number">${measured(each.ttftMsP95, 'ms')}</td>
                <td class="number">${measured(each.e2eMsP50, 'ms')}</td>
                <td class="number">${measured(each.e2eMsP95, 'ms')}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      sessions === undefined
        ? NOTHING
        : html`<p class="hint">
            The weights are of what begins: a conversation is one of them, and sends several requests.
          </p>`
    }
  </section>`;
}
