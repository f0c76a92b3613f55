/** The handful of numbers one looks for first: live estimates while it runs, the report's own figures afterwards. */
import { html, nothing, type TemplateResult } from 'lit';
import { formatMeasured } from '../../src/contract/format-measured.ts';
import { isSample, type MetricTable, type RequestCounts } from '../../src/contract/report.ts';
import type { Snapshot } from '../../src/contract/snapshot.ts';
import { formatNumber, formatQuantity } from '../../src/contract/units.ts';
import type { DashboardState } from '../store.ts';
import { icon } from './icons.ts';

interface Figure {
  readonly label: string;
  readonly title: string;
  readonly value: string;
  readonly unit?: string;
  readonly note?: string;
  readonly isBad?: boolean;
}

export function figuresView(state: DashboardState): TemplateResult {
  const { ending } = state;
  const figures =
    ending?.metrics !== undefined && ending.requests !== undefined
      ? finalFigures(ending.metrics, ending.requests)
      : liveFigures(state);
  return html`
    <section class="figures" aria-label="Key figures">
      ${figures.map(
        (figure) => html`
          <div class="figure" title=${figure.title}>
            <div class="figure-label">${figure.label}</div>
            <div class="figure-value">
              ${figure.value}${figure.unit === undefined ? nothing : html`<span class="figure-unit">${figure.unit}</span>`}
              ${figure.isBad === true ? html`<span class="state bad">${icon('warning')}</span>` : nothing}
            </div>
            <div class="figure-note">${figure.note ?? ''}</div>
          </div>
        `,
      )}
    </section>
  `;
}

function liveFigures(state: DashboardState): readonly Figure[] {
  const { latest } = state;
  const total = latest?.total;
  const second = state.history.recent.at(-2) ?? latest;
  const unsuccessful = (total?.failed ?? 0) + (total?.dropped ?? 0);
  const measured = (total?.ok ?? 0) + unsuccessful;
  const queued = latest === undefined || latest.queued === 0 ? '' : `, ${formatNumber(latest.queued, 4)} queued`;
  return [
    {
      label: 'Requests done',
      title: 'Successful measured requests so far; warm-up does not count.',
      value: total === undefined ? '–' : formatNumber(total.ok, 7),
      note: latest === undefined ? '' : `${formatNumber(latest.inFlight, 4)} in flight${queued}`,
    },
    {
      label: 'Rate sent',
      title: 'Requests sent per second, in the last second, beside what the schedule asks for.',
      ...split(second === undefined ? '–' : `${formatNumber(perSecond(second, second.interval.sent), 3)} req/s`),
      note: askedNote(second),
    },
    {
      label: 'Output',
      title: 'Output tokens per second over all requests, in the last second.',
      ...split(second === undefined ? '–' : `${formatNumber(perSecond(second, second.interval.outputTokens))} tok/s`),
      note: measured === 0 ? '' : `${formatNumber(total?.outputTokens ?? 0, 9)} tokens`,
    },
    quantileFigure('TTFT p95', 'Time to first token: first − sent. Measured requests so far.', total?.ttftMs),
    quantileFigure('ITL p95', 'Gaps between output reads, pooled. Measured requests so far.', total?.itlMs),
    {
      label: 'Errors',
      title: 'Failed and dropped requests, of all measured requests so far.',
      ...split(measured === 0 ? '–' : formatQuantity(unsuccessful / measured, 'ratio', 3)),
      note: measured === 0 ? '' : requestsNote(unsuccessful),
      isBad: unsuccessful > 0,
    },
  ];
}

function finalFigures(metrics: MetricTable, requests: RequestCounts): readonly Figure[] {
  const windowText = (key: string): string => {
    const value = metrics[key];
    return value === undefined || isSample(value) ? '–' : formatMeasured(value.value, value.unit);
  };
  const sampleFigure = (label: string, title: string, key: string): Figure => {
    const value = metrics[key];
    return quantileFigure(label, title, isSample(value) ? value : undefined);
  };
  const unsuccessful = requests.failed + requests.timedOut + requests.dropped;
  const cut = requests.censored > 0 ? `${formatNumber(requests.censored, 7)} cut at the end` : '';
  return [
    {
      label: 'Requests done',
      title: 'Successful measured requests; warm-up does not count.',
      value: formatNumber(requests.succeeded, 7),
      note: cut === '' ? `of ${formatNumber(requests.due, 7)} due` : cut,
    },
    { label: 'Throughput', title: 'Successful requests / measured window.', ...split(windowText('requestThroughput')) },
    { label: 'Output', title: 'Σ output tokens / measured window.', ...split(windowText('outputThroughput')) },
    sampleFigure('TTFT p95', 'Time to first token: first − sent.', 'ttft'),
    sampleFigure('ITL p95', 'Gaps between output reads, pooled.', 'itl'),
    {
      label: 'Errors',
      title: '(failed + timed out) / measured requests.',
      ...split(windowText('errorRate')),
      note: requestsNote(unsuccessful),
      isBad: unsuccessful > 0,
    },
  ];
}

function askedNote(second: Snapshot | undefined): string {
  if (second?.askedPerSecond !== undefined) return `asked ${formatNumber(second.askedPerSecond, 3)}`;
  return second?.users === undefined ? '' : `${formatNumber(second.users, 3)} users`;
}

function requestsNote(count: number): string {
  return count === 0 ? 'none' : `${formatNumber(count, 7)} ${count === 1 ? 'request' : 'requests'}`;
}

function quantileFigure(
  label: string,
  title: string,
  quantiles: { readonly p50: number; readonly p95: number; readonly p99: number } | undefined,
): Figure {
  if (quantiles === undefined) return { label, title, value: '–' };
  const text = (value: number): string => formatQuantity(value, 'duration', 3);
  const [p50, p99] = [split(text(quantiles.p50)), split(text(quantiles.p99))];
  // The unit once, where both have it.
  const first = p50.unit === p99.unit ? p50.value : text(quantiles.p50);
  return { label, title, ...split(text(quantiles.p95)), note: `p50 ${first} · p99 ${text(quantiles.p99)}` };
}

function perSecond(bin: Snapshot, counted: number): number {
  return bin.intervalMs === 0 ? 0 : (counted * 1000) / bin.intervalMs;
}

function split(text: string): { value: string; unit?: string } {
  const [value = text, unit] = text.split(' ');
  return unit === undefined ? { value } : { value, unit };
}
