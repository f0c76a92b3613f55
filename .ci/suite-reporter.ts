/**
 * node:test's reporter for all suites: a line per file, what failed in full, and after each file the counts so far in the file
 * that BENCHWRIGHT_TALLY_FILE names, so that a suite which is killed later has not counted for nothing.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import { addTallies, closingLine, countEvent, emptyTally, isWholeFile, type Tally, type TestEvent } from './tally.ts';

/** What the file holds that BENCHWRIGHT_TALLY_FILE names. */
export interface TallyReport {
  readonly tally: Tally;
  /** Absolute. */
  readonly endedFiles: readonly string[];
}

interface ReportedTest extends TestEvent {
  readonly nesting: number;
  readonly details: TestEvent['details'] & {
    readonly duration_ms: number;
    readonly error?: Error & { readonly failureType?: string };
  };
}

type ReportedEvent =
  | { readonly type: 'test:pass' | 'test:fail'; readonly data: ReportedTest }
  | { readonly type: 'test:start'; readonly data: { readonly name: string; readonly nesting: number } }
  | { readonly type: 'test:stdout' | 'test:stderr'; readonly data: { readonly message: string } }
  | { readonly type: 'test:summary'; readonly data: { readonly file?: string; readonly duration_ms: number } }
  | { readonly type: 'other' };

export default async function* report(events: AsyncIterable<ReportedEvent>): AsyncGenerator<string> {
  let total = emptyTally;
  let ofFile = emptyTally;
  const openNames: string[] = [];
  const endedFiles: string[] = [];
  const endFile = (name: string, durationMs: number): string => {
    total = addTallies([total, ofFile]);
    endedFiles.push(path.resolve(name));
    const line = describeFile(name, ofFile, durationMs);
    ofFile = emptyTally;
    writeReport({ tally: total, endedFiles });
    return line;
  };

  for await (const event of events) {
    switch (event.type) {
      case 'test:start':
        openNames.length = event.data.nesting;
        openNames.push(event.data.name);
        break;
      case 'test:pass':
      case 'test:fail': {
        const { data } = event;
        const tally = countEvent(event.type, data);
        ofFile = addTallies([ofFile, tally]);
        if (tally.failed > 0) yield describeFailure([...openNames.slice(0, data.nesting), data.name], data);
        // A file that died, or that holds no test, has no summary of its own.
        if (isWholeFile(data) && data.nesting === 0) yield endFile(data.file ?? data.name, data.details.duration_ms);
        break;
      }
      case 'test:stdout':
      case 'test:stderr':
        yield indent(event.data.message);
        break;
      case 'test:summary':
        if (event.data.file !== undefined) yield endFile(event.data.file, event.data.duration_ms);
        break;
      default:
    }
  }
}

function describeFile(file: string, tally: Tally, durationMs: number): string {
  const mark = tally.failed > 0 ? '✖' : '✔';
  return `  ${mark} ${path.relative('', file)}  ${closingLine(tally)}  (${(durationMs / 1000).toFixed(1)} s)\n`;
}

function describeFailure(names: readonly string[], { details, ...event }: ReportedTest): string {
  const title = `\n    ✖ ${names.join(' › ')}\n`;
  const { error } = details;
  if (error?.failureType === 'subtestsFailed') return '';
  if (error === undefined)
    return `${title}      ${isWholeFile({ ...event, details }) ? 'the file holds no test' : 'it is marked as still to do'}\n`;
  return `${title}${indent(describeError(error.cause ?? error), '      ')}`;
}

/** The stack, which begins with the message; Node's own frames in it help nobody. */
function describeError(error: unknown): string {
  if (!(error instanceof Error) || error.stack === undefined) return inspect(error);
  const lines = error.stack.split('\n').filter((line) => !/^\s+at .*\(?node:internal/.test(line));
  const causes = error.cause === undefined ? [] : [`caused by ${describeError(error.cause)}`];
  return [...lines.map(shorten), ...causes].join('\n');
}

/** A property test repeats its whole input in one line. */
function shorten(line: string): string {
  const limit = 1000;
  return line.length <= limit ? line : `${line.slice(0, limit)} … (${line.length - limit} characters more)`;
}

function indent(text: string, by = '    '): string {
  return `${text.trimEnd().replaceAll(/^/gm, by)}\n`;
}

function writeReport(tallyReport: TallyReport): void {
  const file = process.env.BENCHWRIGHT_TALLY_FILE;
  if (file) writeFileSync(file, JSON.stringify(tallyReport));
}
