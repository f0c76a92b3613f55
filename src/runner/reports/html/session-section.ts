/** Conversations: what became of them, and how each of their turns fared. */
import type { ReportData } from '../../../contract/report.ts';
import { describeSessions, measured, turnName } from '../words.ts';
import { html, NOTHING, type Markup } from './markup.ts';

export function sessionSection({ sessions }: ReportData): Markup {
  if (sessions === undefined) return NOTHING;
  return html`<section id="conversations" aria-labelledby="conversations-title">
    <h2 id="conversations-title">Conversations</h2>
    <p>${describeSessions(sessions)}</p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Turn</th>
            <th scope="col" class="number">Requests</th>
            <th scope="col" class="number">Succeeded</th>
            <th scope="col" class="number">Input tokens<br />mean</th>
            <th scope="col" class="number">TTFT p50</th>
            <th scope="col" class="number">TTFT p95</th>
          </tr>
        </thead>
        <tbody>
          ${sessions.byTurn.map(
            (each) =>
              html`<tr>
                <th scope="row">${turnName(each)}</th>
                <td class="number">${measured(each.requests, '')}</td>
                <td class="number">${measured(each.succeeded, '')}</td>
                <td class="number">${measured(each.inputTokensMean, '')}</td>
                <td class="number">${measured(each.ttftMsP50, 'ms')}</td>
                <td class="number">${measured(each.ttftMsP95, 'ms')}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="hint">
      A turn is sent once the one before it was answered and its user has thought. In an open loop the rate is that of
      conversations begun.
    </p>
  </section>`;
}
