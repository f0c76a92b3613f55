/** The first lines of a run that goes on: that it does, and which requests were lost when it was cut off. */
import { formatMeasured } from '../../contract/format-measured.ts';
import type { RunPlan } from '../../contract/plan.ts';
import type { RunResumedEvent } from '../../contract/record.ts';
import { renderRecordLine } from '../measure/record-line.ts';
import type { Journal } from './journal.ts';
import type { RecordFiles } from './record-files.ts';
import type { ResumePoint } from './resume-point.ts';

export function recordResume(
  resume: ResumePoint,
  parts: {
    readonly journal: Pick<Journal, 'record' | 'log'>;
    readonly files: Pick<RecordFiles, 'requests'>;
    readonly plan: RunPlan;
    readonly generator: Pick<RunResumedEvent, 'version' | 'workers' | 'simulatorUrl' | 'monotonicMs'>;
    readonly resumedAt: Date;
  },
): void {
  const { journal, files, plan, generator, resumedAt } = parts;
  const { recordedMs, stoppedAt, continuesAtMs, stage, lost, conversations, rateFactor } = resume;
  journal.record({
    type: 'run.resumed',
    atMs: recordedMs,
    resumedAt: resumedAt.toISOString(),
    stoppedAt,
    stage,
    continuesAtMs,
    lost: lost.length,
    ...(conversations === 0 ? {} : { conversations }),
    ...generator,
  });
  const lines = lost.map((each) =>
    renderRecordLine({ ...each, backend: plan.backend.name, outcome: 'censored', lost: true }),
  );
  files.requests(new TextEncoder().encode(lines.join('')));
  journal.log('info', `Resumed: it was cut off in stage ${stage} (${stoppedAt}).`);
  if (lost.length > 0)
    journal.log('warning', `${lost.length} requests were in flight then: nothing is known of them, they count as cut.`);
  if (conversations > 0)
    journal.log('warning', `${conversations} conversations were under way then: they are not taken up again.`);
  if (rateFactor !== 1)
    journal.log(
      'info',
      `The load is ${formatMeasured(rateFactor, 'ratio', 4)} of what the plan asks for, as it was then.`,
    );
}
