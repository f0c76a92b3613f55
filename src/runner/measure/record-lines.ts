/** Reads JSON Lines that may be torn: written by a process that was killed, or on a disk that was full. */

export interface LineTally {
  /** Lines that are JSON. */
  read: number;
  /** Lines that are not, the torn last one included. */
  unreadable: number;
}

/** Calls back with each line's value. A line that is not JSON is counted and left out. */
export async function readJsonLines(
  chunks: AsyncIterable<Uint8Array>,
  tally: LineTally,
  take: (value: unknown) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  const takeLine = (line: string): void => {
    if (line.trim() === '') return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      tally.unreadable++;
      return;
    }
    tally.read++;
    take(value);
  };
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) takeLine(line);
  }
  takeLine(rest + decoder.decode());
}
