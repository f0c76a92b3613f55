/** The generator's own health beside the thresholds that would cast doubt on the run, and what the preflight found. */
import { describeCalibration } from '../../../contract/describe-calibration.ts';
import type { GeneratorSample } from '../../../contract/record.ts';
import type { ReportData } from '../../../contract/report.ts';
import { THRESHOLDS } from '../../measure/validity-thresholds.ts';
import { measured } from '../words.ts';
import { html, NOTHING, type Markup } from './markup.ts';

interface Gauge {
  readonly key: keyof GeneratorSample;
  readonly title: string;
  readonly unit: string;
  readonly threshold?: { readonly suspect: number; readonly invalid?: number; readonly why: string };
}

const GAUGES: readonly Gauge[] = [
  { key: 'loopLagMsP99', title: 'Event loop lag, p99', unit: 'ms', threshold: THRESHOLDS.loopLagMs },
  { key: 'loopLagMsMax', title: 'Event loop lag, highest', unit: 'ms' },
  { key: 'scheduleLagMsP99', title: 'Requests sent after due, p99', unit: 'ms', threshold: THRESHOLDS.scheduleLagMs },
  { key: 'scheduleLagMsMax', title: 'Requests sent after due, highest', unit: 'ms' },
  { key: 'cpuRatio', title: 'Busiest worker thread', unit: 'ratio', threshold: THRESHOLDS.cpuRatio },
  { key: 'gcPauseMsMax', title: 'Garbage collection pause', unit: 'ms', threshold: THRESHOLDS.gcPauseMs },
  { key: 'clockSkewMs', title: 'Largest step of the wall clock', unit: 'ms', threshold: THRESHOLDS.clockStepMs },
  { key: 'sockets', title: 'Open sockets, most', unit: '' },
];

export function measurementSection({ validity }: ReportData): Markup {
  const { generator, preflight, calibration } = validity;
  const known = GAUGES.filter(({ key }) => generator[key] !== undefined);
  return html`<section id="measurement" aria-labelledby="measurement-title">
    <h2 id="measurement-title">The generator itself</h2>
    ${
      known.length === 0
        ? html`<p class="hint">Nothing is known of the generator: the run was too short to observe it.</p>`
        : html`<div class="scroll">
              <table>
                <thead>
                  <tr>
                    <th scope="col">In the measured window</th>
                    <th scope="col" class="number">Value</th>
                    <th scope="col" class="number">suspect above</th>
                    <th scope="col" class="number">invalid above</th>
                    <th scope="col">Why it matters</th>
                  </tr>
                </thead>
                <tbody>
                  ${known.map((gauge) => row(gauge, generator[gauge.key] as number))}
                </tbody>
              </table>
            </div>
            <p class="hint">
              All but the worst twentieth of the seconds stayed within these values; “highest” is the highest of all.
            </p>`
    }
    ${calibration === undefined ? NOTHING : html`<p id="calibration">${describeCalibration(calibration)}</p>`}
    ${preflight.length === 0 ? NOTHING : preflightTable(preflight)}
  </section>`;
}

function row({ title, unit, threshold }: Gauge, value: number): Markup {
  const isBeyond = threshold !== undefined && Math.abs(value) > threshold.suspect;
  return html`<tr class="${isBeyond ? 'suspect' : ''}">
    <th scope="row">${title}</th>
    <td class="number">${measured(value, unit)}</td>
    <td class="number">${measured(threshold?.suspect, unit)}</td>
    <td class="number">${measured(threshold?.invalid, unit)}</td>
    <td class="why">${threshold?.why}</td>
  </tr>`;
}

function preflightTable(checks: ReportData['validity']['preflight']): Markup {
  return html`<h3>Checked before load was sent</h3>
    <ul class="checks">
      ${checks.map(
        ({ ok, severity, message, hint }) =>
          html`<li class="${ok ? 'good' : severity}">
            <span aria-hidden="true">${ok ? '✓' : severity === 'error' ? '✗' : '!'}</span> ${message}
            ${!ok && hint !== undefined && html`<span class="muted">${hint}</span>`}
          </li>`,
      )}
    </ul>`;
}
