/** Where and with what it was run: what somebody needs to run it again, or to doubt a comparison. */
import type { ReportData, SeriesSummary } from '../../../contract/report.ts';
import { counted, measured } from '../words.ts';
import { html, NOTHING, type Markup } from './markup.ts';

export function environmentSection(report: ReportData): Markup {
  const { environment, run, backend, dataset } = report;
  const { engine, gpus = [] } = environment;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Load sent from', environment.hostname],
    ['CPU', `${environment.cpu}, ${counted(environment.cpuCount, 'logical core')}`],
    ['Memory', measured(environment.memoryBytes, 'bytes')],
    ['Operating system', environment.os],
    ['Benchwright', `${run.version} under Node ${environment.node}, ${counted(run.workers, 'load worker')}`],
    ['Endpoint', backend.url],
    ['Engine', engine?.server],
    ['Models offered', engine?.models?.join(', ')],
    [
      'GPUs',
      gpus.length === 0
        ? undefined
        : gpus
            .map(
              ({ id, name, memoryBytes }) =>
                `${id}: ${name}${memoryBytes === undefined ? '' : `, ${measured(memoryBytes, 'bytes')}`}`,
            )
            .join('; '),
    ],
    ['Dataset', `${dataset.name} (${dataset.source})`],
    ['Seed', String(run.seed)],
    ['Scenario', run.file],
    ['SHA-256 of its text', run.textSha256],
    ['Run', run.id],
  ];
  const params = Object.entries(run.params);
  return html`<section id="environment" aria-labelledby="environment-title">
    <h2 id="environment-title">Environment</h2>
    <dl class="environment">
      ${facts.map(
        ([name, value]) =>
          value !== undefined &&
          value !== '' &&
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
      ${params.map(
        ([name, value]) =>
          html`<div>
            <dt>param <code>${name}</code></dt>
            <dd><code>${value}</code></dd>
          </div>`,
      )}
    </dl>
    ${monitorTable(report.monitors)}
  </section>`;
}

function monitorTable(monitors: ReportData['monitors']): Markup {
  const rows = Object.entries(monitors).flatMap(([monitor, series]) => series.map((each) => monitorRow(monitor, each)));
  if (rows.length === 0) return NOTHING;
  return html`<h3>Monitors, in the measured window</h3>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Series</th>
            <th scope="col" class="number">samples</th>
            <th scope="col" class="number">mean</th>
            <th scope="col" class="number">min</th>
            <th scope="col" class="number">p95</th>
            <th scope="col" class="number">max</th>
            <th scope="col" class="number">last</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
}

function monitorRow(
  monitor: string,
  { series, device, unit, count, mean, min, p95, max, last }: SeriesSummary,
): Markup {
  const cells = [mean, min, p95, max, last].map((value) => html`<td class="number">${measured(value, unit)}</td>`);
  return html`<tr>
    <th scope="row">${monitor} ${device} <code>${series}</code></th>
    <td class="number">${measured(count, '')}</td>
    ${cells}
  </tr>`;
}
