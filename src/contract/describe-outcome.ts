/** How a run came out, in one sentence. */
import type { RunErrorData } from './errors.ts';
import type { RunOutcome, SlaResult, ValidityVerdict } from './report.ts';

export function describeOutcome(
  outcome: RunOutcome,
  sla: readonly Pick<SlaResult, 'verdict'>[],
  validity: ValidityVerdict = 'valid',
): string {
  // Nothing else is worth saying then: the figures prove nothing, for the server or against it.
  if (validity === 'invalid') return 'Invalid: the load generator, not the server, was the limit';
  const count = (...verdicts: readonly string[]): number =>
    sla.filter((each) => verdicts.includes(each.verdict)).length;
  const levels = `${sla.length} ${sla.length === 1 ? 'service level' : 'service levels'}`;
  switch (outcome) {
    case 'passed':
      return sla.length === 0
        ? 'Passed: no service levels to meet'
        : `Passed: ${sla.length === 1 ? 'the' : 'all'} ${levels} met`;
    case 'failed':
      return `Failed: ${count('breached')} of ${levels} breached`;
    case 'undecided':
      return `Undecided: ${count('undecided', 'unmeasured')} of ${levels} could not be decided`;
    case 'aborted':
      return 'Aborted: the figures are of what was measured until then';
    case 'error':
      return 'The run ended early: the figures are of what was measured until then';
  }
}

/** The same for a run that may have been ended by somebody, which is said in the runner's words: they tell Stop from Abort. */
export function describeEnd(
  outcome: RunOutcome,
  sla: readonly Pick<SlaResult, 'verdict'>[],
  validity: ValidityVerdict,
  error: RunErrorData | undefined,
): string {
  return outcome === 'aborted' && error !== undefined && validity !== 'invalid'
    ? error.message.replace(/\.$/, '')
    : describeOutcome(outcome, sla, validity);
}
