/** Reads JSON Lines that may be torn: written by a process that was killed, or on a disk that was full. */

export interface LineTally {
  /** Lines that are JSON. */
  read: number;
  /** Lines that end, and are not JSON. */
  unreadable: number;
  /** Last lines that neither end nor are JSON: the writer was stopped within them. */
  torn: number;
}

/** No line of a record is nearly as long (characters): what goes on beyond it is not kept in memory to see where it ends. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** Calls back with each line's value. A line that is not JSON is counted and left out. A last line is whole without its line feed, too. */
export async function readJsonLines(
  chunks: AsyncIterable<Uint8Array>,
  tally: LineTally,
  take: (value: unknown) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  let isTooLong = false;
  const takeLine = (line: string, hasEnd: boolean): void => {
    if (line.trim() === '') return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      if (hasEnd) tally.unreadable++;
      else tally.torn++;
      return;
    }
    tally.read++;
    take(value);
  };
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (isTooLong) tally.unreadable++;
      else takeLine(line, true);
      isTooLong = false;
    }
    if (rest.length > LONGEST_LINE) isTooLong = true;
    if (isTooLong) rest = '';
  }
  if (isTooLong) tally.torn++;
  else takeLine(rest + decoder.decode(), false);
}
