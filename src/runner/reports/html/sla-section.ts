/** Each limit with what was measured against it: value, interval, verdict and why. */
import type { ReportData, SlaResult } from '../../../contract/report.ts';
import { baseName, interval, measured, VERDICT_MARKS } from '../words.ts';
import { html, NOTHING, type Markup } from './markup.ts';

export function slaSection({ sla }: ReportData): Markup {
  if (sla.length === 0) return NOTHING;
  return html`<section id="sla" aria-labelledby="sla-title">
    <h2 id="sla-title">Service levels</h2>
    <div class="scroll">
      <table class="sla">
        <thead>
          <tr>
            <th scope="col">Verdict</th>
            <th scope="col">Limit</th>
            <th scope="col" class="number">Measured</th>
            <th scope="col" class="gauge-cell">95 % interval against the limit</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          ${sla.map(row)}
        </tbody>
      </table>
    </div>
  </section>`;
}

function row(each: SlaResult): Markup {
  return html`<tr class="${each.verdict}">
    <td><span class="badge ${each.verdict}">${VERDICT_MARKS[each.verdict]} ${each.verdict}</span></td>
    <th scope="row">
      <code>${each.text}</code><span class="where">${each.set}, ${baseName(each.file)}:${each.line}</span>
    </th>
    <td class="number strong">${measured(each.actual, each.unit)}</td>
    <td class="gauge-cell">${gauge(each)}<span class="where">${interval(each.ci, each.unit)}</span></td>
    <td class="why">${each.note}</td>
  </tr>`;
}

const WIDTH = 220;
const HEIGHT = 26;
const MIDDLE = 12;

/** A line from left to right, the side beyond the limit shaded, the interval as a bar and the value as a dot. */
function gauge({ actual, ci, limit, comparison, unit, verdict }: SlaResult): Markup {
  if (actual === undefined) return NOTHING;
  const values = [actual, limit, ci?.lower, ci?.upper].filter((value) => value !== undefined);
  const spread = Math.max(...values) - Math.min(...values);
  const margin = spread > 0 ? spread * 0.3 : Math.abs(limit) * 0.2 || 1;
  const from = Math.max(0, Math.min(...values) - margin);
  const to = Math.max(...values) + margin;
  const x = (value: number): number => Math.round(((value - from) / (to - from)) * (WIDTH - 8) * 10) / 10 + 4;
  const isUpperLimit = comparison.startsWith('<');
  const [beyondFrom, beyondTo] = isUpperLimit ? [x(limit), WIDTH] : [0, x(limit)];
  const [lower, upper] = [
    x(ci?.lower ?? (ci === undefined ? actual : from)),
    x(ci?.upper ?? (ci === undefined ? actual : to)),
  ];
  const label = `${measured(actual, unit)}, limit ${comparison} ${measured(limit, unit)}`;
  return html`<svg
    class="gauge ${verdict}"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    width="${WIDTH}"
    height="${HEIGHT}"
    role="img"
    aria-label="${label}"
  >
    <title>${label}</title>
    <rect class="beyond" x="${beyondFrom}" y="3" width="${Math.max(0, beyondTo - beyondFrom)}" height="18" />
    <line class="track" x1="0" x2="${WIDTH}" y1="${MIDDLE}" y2="${MIDDLE}" />
    ${ci !== undefined && html`<rect class="interval" x="${lower}" y="${MIDDLE - 4}" width="${Math.max(2, upper - lower)}" height="8" rx="${ci.lower === undefined || ci.upper === undefined ? 0 : 4}" />`}
    <line class="limit" x1="${x(limit)}" x2="${x(limit)}" y1="1" y2="23" />
    <circle class="value" cx="${x(actual)}" cy="${MIDDLE}" r="4.5" />
  </svg>`;
}
