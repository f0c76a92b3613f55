/** Stage by stage: the load that was asked for, the load that was delivered, and what came of it. */
import { describeBudget } from '../../../contract/describe-budget.ts';
import { isSample, type MetricTable, type ReportData, type StageReport } from '../../../contract/report.ts';
import { arrivalRate, clock, counted, describeChange, measured } from '../words.ts';
import { html, NOTHING, type Markup } from './markup.ts';

export function loadSection({ stages, warmup, sessions, budget }: ReportData): Markup {
  if (stages.length === 0) return NOTHING;
  return html`<section id="load" aria-labelledby="load-title">
    <h2 id="load-title">Load, asked and delivered</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Stage</th>
            <th scope="col" class="number">Asked</th>
            <th scope="col" class="number">Delivered</th>
            <th scope="col">Arrivals</th>
            <th scope="col" class="number">Due</th>
            <th scope="col" class="number">Succeeded</th>
            <th scope="col" class="number">Errors</th>
            <th scope="col" class="number">In flight<br />mean / peak</th>
            <th scope="col" class="number">TTFT p95</th>
            <th scope="col" class="number">ITL p95</th>
            <th scope="col" class="number">Request<br />throughput</th>
            <th scope="col" class="number">Output<br />throughput</th>
          </tr>
        </thead>
        <tbody>
          ${stages.map((stage) => row(stage, sessions !== undefined))}
        </tbody>
      </table>
    </div>
    <p class="hint">
      Each stage is a window by when requests were due. Throughputs are divided by the stage’s length and by how much
      the server fell behind within it.
      ${warmup !== undefined && `${counted(warmup.requests, 'warm-up request')} before it count in no figure${warmup.failed > 0 ? `; ${warmup.failed} of them failed` : ''}.`}
    </p>
    ${budget !== undefined && html`<p>Budget: ${describeBudget(budget).join(', ')}.</p>`}
  </section>`;
}

function row(stage: StageReport, isOfSessions: boolean): Markup {
  const { asked, delivered, requests, metrics } = stage;
  const fellBehindMs = (stage.windowMs ?? 0) - (stage.endedMs - stage.startedMs);
  return html`<tr>
    <th scope="row">${stage.name}<span class="where">${clock(stage.startedMs)} – ${clock(stage.endedMs)}</span></th>
    <td class="number">
      ${asked.users === undefined ? arrivalRate(asked.ratePerSecond, isOfSessions) : counted(asked.users, 'user')}
      ${asked.changes?.map((change) => html`<span class="where">${describeChange(change)}</span>`)}
    </td>
    <td class="number">${arrivalRate(delivered.ratePerSecond, isOfSessions && asked.users === undefined)}</td>
    <td>${arrivals(delivered, asked.users !== undefined)}</td>
    <td class="number">${measured(requests.due, '')}</td>
    <td class="number">${measured(requests.succeeded, '')}</td>
    <td class="number">${valueOf(metrics, 'errorRate')}</td>
    <td class="number">${measured(delivered.concurrencyMean, '')} / ${measured(delivered.concurrencyPeak, '')}</td>
    <td class="number">${p95(metrics, 'ttft')}</td>
    <td class="number">${p95(metrics, 'itl')}</td>
    <td class="number">
      ${valueOf(metrics, 'requestThroughput')}${fellBehindMs > 0 && html`<span class="where">over ${measured(stage.windowMs, 'ms')}</span>`}
    </td>
    <td class="number">${valueOf(metrics, 'outputThroughput')}</td>
  </tr>`;
}

function arrivals({ ksPValue, ksDistance, dispersion }: StageReport['delivered'], isOfUsers: boolean): Markup {
  if (ksPValue !== undefined)
    return html`<span
      title="Kolmogorov–Smirnov: greatest distance ${measured(ksDistance, 'ratio')} from the declared distribution of gaps"
      >as declared, p = ${pValue(ksPValue)}</span
    >`;
  if (dispersion !== undefined)
    return html`<span title="Variance of the gaps against that of random arrivals"
      >${measured(dispersion.ratio, 'ratio')} as irregular as random</span
    >`;
  return html`<span class="muted">${isOfUsers ? 'by its users' : 'as recorded'}</span>`;
}

function pValue(value: number): string {
  return value < 0.001 ? '< 0.001' : value.toFixed(3);
}

function valueOf(metrics: MetricTable, key: string): string {
  const entry = metrics[key];
  return entry === undefined || isSample(entry) ? '–' : measured(entry.value, entry.unit);
}

function p95(metrics: MetricTable, key: string): string {
  const entry = metrics[key];
  return isSample(entry) ? measured(entry.p95, entry.unit) : '–';
}
