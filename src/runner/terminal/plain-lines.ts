/** A run as lines of a log, for pipes and continuous integration: each line stands alone and nothing is drawn over. */
import type { RunnerEventLine } from '../../contract/protocol/runner.ts';
import type { LiveState } from './live-state.ts';
import { isOwnDoing, recentRates } from './live-state.ts';
import { clock, counted, quantity, reasonList } from './words.ts';
import type { Style } from './style.ts';

/** How often a running stage says how it goes. */
export const PLAIN_EVERY_MS = 5_000;

/** What this event is worth saying; progress is `renderPlainProgress`'s. `state` has the event in it already. */
export function renderPlainEvent(line: RunnerEventLine, state: LiveState, style: Style): readonly string[] {
  switch (line.event) {
    case 'run.started': {
      const { plan } = line.data;
      return [
        `${style.bold(plan.benchmark)}: ${plan.backend.name} (${plan.backend.protocol}) with ${plan.dataset.name}, ${counted(plan.load.stages.length, 'stage')}`,
      ];
    }
    case 'stage.started':
      return [at(line.data.atMs, style, `stage ${line.data.index + 1} of ${line.data.count}: ${line.data.name}`)];
    case 'alert':
      return [at(line.data.atMs, style, style.warning(`alert: ${line.data.text}`))];
    case 'log':
      // Why it stops is in the log too, and was said.
      return (line.data.level === 'warning' || line.data.level === 'error') && line.data.message !== state.stopping
        ? [at(line.data.atMs, style, style.warning(`${line.data.level}: ${line.data.message}`))]
        : [];
    case 'stopping':
      return isOwnDoing(line.data.why) ? [] : [at(state.snapshot?.atMs ?? 0, style, style.warning(line.data.message))];
    default:
      return [];
  }
}

export function renderPlainProgress(state: LiveState, style: Style): string {
  const { snapshot } = state;
  if (snapshot === undefined) return '';
  const rates = recentRates(state);
  const { total, stage } = snapshot;
  const quantile = (name: string, value: number | undefined): string[] =>
    value === undefined ? [] : [`${name} ${quantity(value, 'duration')}`];
  const breached = snapshot.sla.filter((each) => each.verdict === 'breached').length;
  return at(
    snapshot.atMs,
    style,
    [
      `${Math.floor(snapshot.progressRatio * 100)} %`,
      stage.kind === 'warmup' ? 'warm-up' : stage.kind === 'drain' ? 'draining' : stage.name,
      `${quantity(rates.sentPerSecond, 'rate')}${snapshot.askedPerSecond === undefined ? '' : ` of ${quantity(snapshot.askedPerSecond, 'rate')}`}`,
      `${snapshot.inFlight} in flight`,
      `${total.ok} ok`,
      ...(total.failed > 0 ? [style.bad(`${total.failed} failed (${reasonList(total.byReason).join(', ')})`)] : []),
      ...(total.dropped > 0 ? [style.warning(`${total.dropped} dropped`)] : []),
      ...quantile('ttft p95', total.ttftMs?.p95),
      ...quantile('itl p95', total.itlMs?.p95),
      ...(breached > 0 ? [style.bad(`${counted(breached, 'SLA')} breached so far`)] : []),
      ...(snapshot.validity === 'valid' ? [] : [style.warning(`measurement ${snapshot.validity}`)]),
    ].join(', '),
  );
}

function at(atMs: number, style: Style, text: string): string {
  return `${style.dim(clock(atMs).padStart(7))}  ${text}`;
}
