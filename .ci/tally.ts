/** Counting tests: from node:test's events to a suite's numbers, and from those to the closing line of the whole run. */

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const emptyTally: Tally = { passed: 0, failed: 0, skipped: 0 };

/** What counting needs of node:test's `test:pass` and `test:fail` data. */
export interface TestEvent {
  readonly name: string;
  readonly file?: string | undefined;
  readonly skip?: string | boolean | undefined;
  readonly todo?: string | boolean | undefined;
  readonly details: {
    readonly type?: string | undefined;
    readonly error?: { readonly failureType?: string | undefined } | undefined;
  };
}

/** The file's name as a test: node:test reports so a file that declares no tests, or that died before it could. */
export function isWholeFile({ name, file }: TestEvent): boolean {
  return file !== undefined && file.replaceAll('\\', '/').endsWith(name.replaceAll('\\', '/'));
}

export function countEvent(type: 'test:pass' | 'test:fail', event: TestEvent): Tally {
  const { details, skip, todo } = event;
  const isGroup = details.type === 'suite';
  if (type === 'test:fail') {
    // A group that fails only because of its tests adds nothing to them; one whose hook failed does.
    const isCountedBelow = isGroup && details.error?.failureType === 'subtestsFailed';
    return isCountedBelow ? emptyTally : { ...emptyTally, failed: 1 };
  }
  if (isGroup) return emptyTally;
  // Passing without having executed anything is no pass.
  if (isWholeFile(event) || isSet(todo)) return { ...emptyTally, failed: 1 };
  return isSet(skip) ? { ...emptyTally, skipped: 1 } : { ...emptyTally, passed: 1 };
}

function isSet(mark: string | boolean | undefined): boolean {
  return mark !== undefined && mark !== false;
}

export function addTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, each) => ({
      passed: sum.passed + each.passed,
      failed: sum.failed + each.failed,
      skipped: sum.skipped + each.skipped,
    }),
    emptyTally,
  );
}

export interface SuiteEnd {
  readonly exitCode: number;
  readonly isTimedOut: boolean;
  /** As the reporter last wrote it; `undefined` when the runner died before it wrote anything. */
  readonly tally: Tally | undefined;
}

/** A suite that crashed, hung or executed nothing has failed, whatever it had counted until then. */
export function judgeSuite({ exitCode, isTimedOut, tally }: SuiteEnd): {
  readonly tally: Tally;
  readonly problem?: string;
} {
  const counted = tally ?? emptyTally;
  const withFailure = { ...counted, failed: counted.failed + 1 };
  if (isTimedOut) return { tally: withFailure, problem: 'took too long and was ended' };
  if (tally === undefined)
    return { tally: withFailure, problem: `crashed with exit code ${exitCode} before any test ended` };
  if (counted.passed + counted.failed + counted.skipped === 0)
    return { tally: withFailure, problem: 'executed no test' };
  if (exitCode !== 0 && counted.failed === 0)
    return { tally: withFailure, problem: `ended with exit code ${exitCode}` };
  return { tally: counted };
}

/** `12 passed, 0 failed`, with `, 3 skipped` only when something was. */
export function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
