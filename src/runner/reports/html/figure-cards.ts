/** The figures people ask for first, each with its formula and its interval. */
import { METRICS, type Metric } from '../../../contract/metrics.ts';
import { isSample, type Interval, type ReportData } from '../../../contract/report.ts';
import { interval, isSupported, measured } from '../words.ts';
import { html, withCode, type Markup } from './markup.ts';

/** Metric key and, for samples, the statistics shown: the first one large. */
const CARDS: readonly (readonly [key: string, ...statistics: ('p50' | 'p95' | 'p99')[]])[] = [
  ['ttft', 'p95', 'p50', 'p99'],
  ['itl', 'p95', 'p50', 'p99'],
  ['tpot', 'p50', 'p95', 'p99'],
  ['e2e', 'p95', 'p50', 'p99'],
  ['outputThroughput'],
  ['requestThroughput'],
  ['goodput'],
  ['errorRate'],
  ['concurrency'],
];

export function figureCards(report: ReportData): Markup {
  const cards = CARDS.flatMap(([key, ...statistics]) => {
    const metric = METRICS.find((each) => each.key === key);
    const value = report.metrics[key];
    return metric === undefined || value === undefined ? [] : [card(metric, value, statistics)];
  });
  return html`<section id="figures" aria-labelledby="figures-title">
    <h2 id="figures-title">Key figures</h2>
    <div class="cards">${cards}</div>
  </section>`;
}

function card(
  metric: Metric,
  value: ReportData['metrics'][string],
  statistics: readonly ('p50' | 'p95' | 'p99')[],
): Markup {
  if (!isSample(value)) {
    const rate =
      value.perSecond === undefined
        ? []
        : [html`<span>${measured(value.perSecond, 'req/s')} <span class="statistic">within every limit</span></span>`];
    return frame(metric, measured(value.value, value.unit), intervalWords(value.ci, value.unit), undefined, rate);
  }
  const [first = 'p50', ...others] = statistics;
  const name = html`<span class="statistic">${first}</span>`;
  const rest = others.map((key) => html`<span><span class="statistic">${key}</span> ${percentile(value, key)}</span> `);
  return frame(metric, percentile(value, first), intervalWords(value.ci[first], value.unit), name, rest);
}

function percentile(
  value: Extract<ReportData['metrics'][string], { count: number }>,
  key: 'p50' | 'p95' | 'p99',
): string {
  return `${isSupported(value, key) ? '' : '≈ '}${measured(value[key], value.unit)}`;
}

/** The unit is everything after the first blank. */
function withSmallUnit(value: string): Markup {
  const blank = value.indexOf(' ', value.startsWith('≈') ? 2 : 0);
  return blank < 0
    ? html`${value}`
    : html`${value.slice(0, blank)} <span class="unit">${value.slice(blank + 1)}</span>`;
}

function intervalWords(ci: Interval | undefined, unit: string): string {
  return ci === undefined ? '' : `95 %: ${interval(ci, unit)}`;
}

function frame(metric: Metric, value: string, below: string, name?: Markup, rest: readonly Markup[] = []): Markup {
  return html`<article class="card" tabindex="0">
    <h3>${metric.title}</h3>
    <p class="figure">${withSmallUnit(value)} ${name}</p>
    <p class="ci">${below}</p>
    ${rest.length > 0 && html`<p class="others">${rest}</p>`}
    <p class="formula"><code>${metric.formula}</code> ${withCode(metric.doc)}</p>
  </article>`;
}
