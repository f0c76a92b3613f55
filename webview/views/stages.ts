/** The run as a bar: one segment per stage, as wide as it is long, filled as far as it has come. */
import { html, nothing, type TemplateResult } from 'lit';
import type { DashboardHeader } from '../../src/contract/protocol/webview.ts';
import { formatQuantity } from '../../src/contract/units.ts';
import { formatClock } from '../charts/chart-model.ts';
import type { DashboardState } from '../store.ts';
import type { Post } from './header.ts';
import { rateView } from './rate.ts';

interface Segment {
  readonly name: string;
  readonly title: string;
  /** Share of the bar's width, in any unit. */
  readonly weight: number;
  readonly filledRatio: number;
  readonly state: 'done' | 'current' | 'ahead';
  readonly isWarmup: boolean;
}

const MOST_LABELS = 6;

export function stagesView(state: DashboardState, post: Post): TemplateResult | typeof nothing {
  if (state.header === undefined) return nothing;
  const segments = segmentsOf(state, state.header);
  const percent = Math.round((state.phase === 'ended' ? 1 : (state.latest?.progressRatio ?? 0)) * 100);
  return html`
    <section class="stages" aria-label="Stages">
      <div
        class="stage-bar"
        role="progressbar"
        aria-label="Progress of the run"
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${percent}
        aria-valuetext=${`${percent} %, ${caption(state)}`}
      >
        ${segments.map(
          (segment) => html`
            <div
              class="stage ${segment.state} ${segment.isWarmup ? 'warmup' : ''}"
              title=${segment.title}
              .style=${`flex-grow:${segment.weight}`}
            >
              <div class="stage-track">
                <div class="stage-fill" .style=${`width:${(segment.filledRatio * 100).toFixed(1)}%`}></div>
              </div>
              ${segments.length <= MOST_LABELS && !segment.isWarmup ? html`<div class="stage-name">${segment.name}</div>` : nothing}
            </div>
          `,
        )}
      </div>
      <div class="stage-foot">
        ${caption(state) === '' ? nothing : html`<p class="stage-caption">${caption(state)}</p>`}
        ${rateView(state, post)}
      </div>
    </section>
  `;
}

function segmentsOf(state: DashboardState, header: DashboardHeader): readonly Segment[] {
  const { warmup, stages } = header;
  const planned = stages.map((stage) => stage.durationMs);
  const knownMs = planned.filter((each) => each !== undefined);
  const typicalMs = knownMs.length === 0 ? 1 : knownMs.reduce((sum, each) => sum + each, 0) / knownMs.length;
  // However short, a stage keeps a twentieth of the mean's width, or it could not be seen.
  const weightOf = (durationMs: number | undefined): number => Math.max(durationMs ?? typicalMs, typicalMs / 20);
  const position = positionOf(state, stages.length);
  const measured = stages.map((stage, index): Segment => ({
    name: stage.name,
    title: [stage.name, extentOf(stage)].filter(Boolean).join(', '),
    weight: weightOf(stage.durationMs),
    isWarmup: false,
    ...progressOf(index, position, state),
  }));
  if (warmup === undefined) return measured;
  const warmupSegment: Segment = {
    name: 'warm-up',
    title: ['warm-up, never counted', extentOf(warmup)].filter(Boolean).join(', '),
    weight: Math.max(weightOf(warmup.durationMs ?? typicalMs / 8), typicalMs / 8),
    isWarmup: true,
    ...progressOf(-1, position, state),
  };
  return [warmupSegment, ...measured];
}

/** −1 during the warm-up, the stage's index, the number of stages once all are over. */
function positionOf(state: DashboardState, stageCount: number): number {
  if (state.phase === 'ended' && state.ending?.outcome !== 'aborted' && state.ending?.error === undefined)
    return stageCount;
  const stage = state.latest?.stage;
  if (stage === undefined) return -2;
  return stage.kind === 'warmup' ? -1 : stage.kind === 'drain' && state.phase !== 'stopping' ? stageCount : stage.index;
}

function progressOf(index: number, position: number, state: DashboardState): Pick<Segment, 'filledRatio' | 'state'> {
  if (index < position) return { filledRatio: 1, state: 'done' };
  const stage = state.latest?.stage;
  if (index > position || stage === undefined) return { filledRatio: 0, state: 'ahead' };
  const ratio =
    stage.durationMs !== undefined
      ? stage.elapsedMs / stage.durationMs
      : stage.requestsTotal !== undefined
        ? stage.requestsDone / stage.requestsTotal
        : 0;
  return { filledRatio: Math.min(1, Math.max(0, ratio)), state: 'current' };
}

function extentOf(stage: { readonly durationMs?: number; readonly requests?: number }): string {
  if (stage.durationMs !== undefined) return formatQuantity(stage.durationMs, 'duration', 3);
  return stage.requests === undefined ? '' : `${stage.requests} requests`;
}

function caption(state: DashboardState): string {
  const { latest, phase } = state;
  if (phase === 'stopping') return state.stopping ?? 'Stopping: waiting for the requests in flight';
  if (latest === undefined) return phase === 'starting' ? 'Preparing the run' : '';
  const { stage } = latest;
  const name =
    stage.kind === 'warmup'
      ? 'Warm-up, not counted'
      : stage.kind === 'drain'
        ? 'Waiting for the last answers'
        : `Stage ${stage.index + 1} of ${Math.max(stage.count, stage.index + 1)}: ${stage.name}`;
  if (phase === 'ended' || phase === 'lost')
    return phase === 'ended' && positionOf(state, 0) === 0 ? '' : `Ended in: ${name}`;
  const extent =
    stage.durationMs !== undefined
      ? `${formatClock(stage.elapsedMs / 1000)} of ${formatClock(stage.durationMs / 1000)}`
      : stage.requestsTotal !== undefined
        ? `${stage.requestsDone} of ${stage.requestsTotal} requests`
        : formatClock(stage.elapsedMs / 1000);
  return `${name} · ${extent}`;
}
