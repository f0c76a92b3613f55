/** Who is measured, how it stands, and what can be done about it. */
import { html, nothing, type TemplateResult } from 'lit';
import type { FromDashboard } from '../../src/contract/protocol/webview.ts';
import { formatClock } from '../charts/chart-model.ts';
import type { DashboardState } from '../store.ts';
import { icon, type IconName } from './icons.ts';
import { runWord } from './words.ts';

export type Post = (message: FromDashboard) => void;

export function headerView(state: DashboardState, post: Post): TemplateResult {
  const { header, latest } = state;
  const word = runWord(state);
  const elapsed = latest === undefined ? undefined : formatClock(latest.atMs / 1000);
  return html`
    <header class="head">
      <div class="head-title">
        <h1>${header?.benchmark ?? 'Benchwright'}</h1>
        <span class="pill ${word.tone}">${icon(word.icon)}${word.word}</span>
        ${elapsed === undefined ? nothing : html`<span class="clock" title="Time since the run began">${elapsed}</span>`}
      </div>
      <div class="head-actions">${actions(state, post)}</div>
      ${
        header === undefined
          ? nothing
          : html`<p class="head-facts">
              <span><span class="fact-name">backend</span> ${header.backend}</span>
              <span><span class="fact-name">dataset</span> ${header.dataset}</span>
              <span title=${header.file}><span class="fact-name">file</span> ${baseName(header.file)}</span>
            </p>`
      }
    </header>
  `;
}

function actions(state: DashboardState, post: Post): TemplateResult | typeof nothing {
  switch (state.phase) {
    case 'empty':
      return nothing;
    case 'starting':
    case 'running':
      return html`
        ${button('Stop', 'drain', 'No new requests; those in flight may finish, then the report is written.', () =>
          post({ type: 'stop' }),
        )}
        ${button('Abort', 'stop', 'Cuts the requests in flight, then the report is written.', () =>
          post({ type: 'abort' }),
        )}
      `;
    case 'stopping':
      return button('Abort', 'stop', 'Does not wait for the requests in flight.', () => post({ type: 'abort' }));
    case 'ended':
      return html`
        ${
          state.ending?.hasReport === true
            ? button('Open report', 'report', 'The full report of this run.', () => post({ type: 'openReport' }), true)
            : nothing
        }
        ${button('Run again', 'again', 'Runs the benchmark as the file now has it.', () => post({ type: 'runAgain' }))}
      `;
    case 'lost':
      return html`
        ${
          state.canMakeReport === true
            ? button(
                'Make report',
                'report',
                'Makes the report from what was recorded before the run ended.',
                () => post({ type: 'openReport' }),
                true,
              )
            : nothing
        }
        ${button('Run again', 'again', 'Runs the benchmark as the file now has it.', () => post({ type: 'runAgain' }))}
      `;
  }
}

function button(label: string, name: IconName, title: string, onClick: () => void, isPrimary = false): TemplateResult {
  return html`<vscode-button ?secondary=${!isPrimary} title=${title} @click=${onClick}
    >${icon(name, 'content-before')}${label}</vscode-button
  >`;
}

function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
