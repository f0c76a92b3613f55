/** That a run was cut off and went on, in a sentence. */
import { formatMeasured } from './format-measured.ts';
import type { ResumeSummary } from './report.ts';

export function describeResume({ stoppedAt, resumedAt, gapMs, stage, lost, conversations = 0 }: ResumeSummary): string {
  const at = (instant: string): string => instant.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
  const gone =
    lost === 0
      ? ''
      : lost === 1
        ? ' One request was in flight then: nothing is known of it, it counts as cut.'
        : ` ${lost} requests were in flight then: nothing is known of them, they count as cut.`;
  const cut =
    conversations === 0
      ? ''
      : ` ${conversations} ${conversations === 1 ? 'conversation was' : 'conversations were'} under way: what was answered in them is not kept, so others were begun.`;
  return (
    `Cut off at ${at(stoppedAt)} in stage "${stage}" and resumed at ${at(resumedAt)}, ` +
    `${formatMeasured(Math.max(0, gapMs), 'ms', 3)} later. ` +
    `The time between, and the warm-up that was run again, are in no figure.${gone}${cut}`
  );
}
