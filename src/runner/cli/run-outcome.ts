/** From how runs ended to how the command ends. */
import { EXIT_CODES, type ExitCode } from '../../contract/errors.ts';
import type { RunFinished } from '../../contract/protocol/runner.ts';
import { inUnit } from '../terminal/words.ts';
import type { Annotation } from './diagnostics-formats.ts';

/** Worst first. Of several runs the one that says least about the server decides: what was not measured cannot pass or fail. */
const BY_WEIGHT: readonly ExitCode[] = [
  EXIT_CODES.scenario,
  EXIT_CODES.run,
  EXIT_CODES.invalid,
  EXIT_CODES.failed,
  EXIT_CODES.passed,
];

export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return BY_WEIGHT.find((each) => codes.includes(each)) ?? EXIT_CODES.passed;
}

/** `--strict`: a limit that was not found to be met counts as failed. */
export function exitCodeOf(finished: RunFinished, isStrict: boolean): ExitCode {
  const code = BY_WEIGHT.find((each) => each === finished.exitCode) ?? EXIT_CODES.run;
  const isOpen = finished.sla.some((each) => each.verdict === 'undecided' || each.verdict === 'unmeasured');
  return isStrict && isOpen && code === EXIT_CODES.passed ? EXIT_CODES.failed : code;
}

/** What a reviewer should see on the change: each limit that is not met, and each doubt about the measurement. */
export function outcomeAnnotations(
  finished: RunFinished,
  benchmark: string,
  isStrict: boolean,
  showPath: (path: string) => string,
): readonly Annotation[] {
  const slas = finished.sla
    .filter((each) => each.verdict !== 'met')
    .map((each): Annotation => {
      const measured = each.actual === undefined ? 'not measured' : `measured ${inUnit(each.actual, each.unit)}`;
      return {
        level: each.verdict === 'breached' || isStrict ? 'error' : 'warning',
        title: `${benchmark}: SLA ${each.verdict}`,
        message: `${each.text}: ${measured}${each.note === undefined ? '' : `. ${each.note}`}`,
        file: showPath(each.file),
        line: each.line,
        column: each.column,
        endLine: each.endLine,
        endColumn: each.endColumn,
      };
    });
  const doubts = finished.validity.reasons.map((reason): Annotation => ({
    level: reason.severity === 'invalid' ? 'error' : 'warning',
    title: `${benchmark}: measurement ${reason.severity}`,
    message: reason.message,
  }));
  return [...slas, ...doubts];
}
