/** Percentiles of every per-request metric, with intervals where people look at them. */
import { METRICS, type Metric } from '../../../contract/metrics.ts';
import { isSample, type ReportData, type SampleSummary } from '../../../contract/report.ts';
import { interval, isSupported, measured } from '../words.ts';
import { html, NOTHING, type Markup } from './markup.ts';

const COLUMNS = ['p50', 'p75', 'p90', 'p95', 'p99', 'p999'] as const;
/** Intervals of all percentiles stand in report.json; a table with all of them cannot be read. */
const BOUNDED: ReadonlySet<string> = new Set(['p50', 'p95', 'p99']);
const SHAPE = ['geomean', 'mode', 'iqr', 'skewness', 'kurtosis', 'outliers'] as const;

type Measured = readonly [Metric, SampleSummary];

export function latencySection({ metrics }: ReportData): Markup {
  const rows = METRICS.flatMap((metric): Measured[] => {
    const summary = metrics[metric.key];
    return isSample(summary) ? [[metric, summary]] : [];
  });
  if (rows.length === 0) return NOTHING;
  const hasUnsupported = rows.some(([, summary]) => COLUMNS.some((key) => !isSupported(summary, key)));
  return html`<section id="latency" aria-labelledby="latency-title">
    <h2 id="latency-title">Latencies and lengths</h2>
    <div class="scroll">
      <table class="percentiles">
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col" class="number">values</th>
            <th scope="col" class="number">mean</th>
            ${COLUMNS.map((key) => html`<th scope="col" class="number">${key === 'p999' ? 'p99.9' : key}</th>`)}
            <th scope="col" class="number">max</th>
            <th scope="col" class="number">std. dev.</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(row)}
        </tbody>
      </table>
    </div>
    <p class="hint">
      Nearest-rank percentiles of successful requests; small figures are 95 % intervals.
      ${hasUnsupported && html`<b>≈</b> marks a percentile that the sample is too small to bound on both sides. `}Latencies
      “from due” count from when the schedule wanted the request sent, the others from when it was sent.
    </p>
    <details>
      <summary>Shape of the distributions</summary>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col" class="number">min</th>
              <th scope="col" class="number">geometric mean</th>
              <th scope="col" class="number">mode</th>
              <th scope="col" class="number">IQR</th>
              <th scope="col" class="number">skewness</th>
              <th scope="col" class="number">kurtosis</th>
              <th scope="col" class="number">outliers</th>
              <th scope="col">percentiles</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(shapeRow)}
          </tbody>
        </table>
      </div>
    </details>
  </section>`;
}

/** Times scale themselves (µs, ms, s); other units stand once, with the metric's name. */
function cellUnit(unit: string): string {
  return unit === 'ms' ? unit : '';
}

function metricCell({ title, id, unit, formula, doc }: Metric): Markup {
  const suffix = cellUnit(unit) === '' ? `, ${unit}` : '';
  return html`<th scope="row" title="${formula}: ${doc}">
    ${title}<span class="where"><code>${id}</code>${suffix}</span>
  </th>`;
}

function row([metric, summary]: Measured): Markup {
  const unit = cellUnit(summary.unit);
  const cell = (key: (typeof COLUMNS)[number]): Markup =>
    html`<td class="number">
      ${isSupported(summary, key) ? '' : '≈ '}${measured(summary[key], unit)}${BOUNDED.has(key) && ciOf(summary, key)}
    </td>`;
  return html`<tr>
    ${metricCell(metric)}
    <td class="number">${measured(summary.count, '')}</td>
    <td class="number">${measured(summary.mean, unit)}</td>
    ${COLUMNS.map(cell)}
    <td class="number">${measured(summary.max, unit)}</td>
    <td class="number">${measured(summary.stddev, unit)}</td>
  </tr>`;
}

function ciOf(summary: SampleSummary, key: string): Markup {
  const ci = summary.ci[key];
  return ci === undefined ? NOTHING : html`<span class="ci">${interval(ci, cellUnit(summary.unit))}</span>`;
}

function shapeRow([metric, summary]: Measured): Markup {
  const unitOf = (key: (typeof SHAPE)[number]): string =>
    key === 'skewness' || key === 'kurtosis' || key === 'outliers' ? '' : cellUnit(summary.unit);
  return html`<tr>
    ${metricCell(metric)}
    <td class="number">${measured(summary.min, cellUnit(summary.unit))}</td>
    ${SHAPE.map((key) => html`<td class="number">${measured(summary[key], unitOf(key))}</td>`)}
    <td>${summary.method === 'exact' ? 'exact' : 'histogram, within 0.1 %'}</td>
  </tr>`;
}
