import type { RunnerEventLine } from '../../contract/protocol/runner.ts';

// JSON escapes C0 by itself; DEL and C1 it leaves, and a terminal that sees the line would obey them.
// oxlint-disable-next-line no-control-regex -- finding control characters is the point
const UNESCAPED_CONTROLS = /[\u007f-\u009f\u2028\u2029]/g;

/** One event as one line of JSON (`--ui json`), in ASCII where it matters to a terminal. */
export function renderJsonLine(line: RunnerEventLine): string {
  const text = JSON.stringify({ event: line.event, data: line.data }).replace(
    UNESCAPED_CONTROLS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${text}\n`;
}
