/** The files of a run that grow while it goes on, as one: what happens to one of them when the disk is full happens to all. */
import { partName, RESULT_FILES, type MonitorSample, type RunEventRecord } from '../../contract/record.ts';
import type { RecordFile } from '../platform/record-file.ts';

export interface RecordFiles {
  requests(lines: Uint8Array): void;
  monitor(sample: MonitorSample): void;
  event(event: RunEventRecord): void;
  log(line: string): void;
  /** Writes what could not be written, as far as there is room now: events and log first, then some of the requests. */
  retry(): Promise<void>;
  /** Everything is on the disk, or cannot be. */
  close(): Promise<void>;
}

/** @param name Of the part that begins (`partName`). */
export type OpenRecordFile = (name: string) => Promise<RecordFile>;

export interface RecordFilesOptions {
  /** Number of the first part that is written: 1, or for a resumed run the first that is not there yet. */
  readonly firstPart?: number;
  /** A part that is larger is followed by the next. */
  readonly partBytes?: number;
}

/** Requests that could not be written are kept for a retry up to this size: the room kept in reserve is for the report. */
const MOST_RETRIED_BYTES = 1024 * 1024;
/** Small enough to be copied, compressed or looked at while the run goes on; a run of an hour rarely needs a second part. */
const PART_BYTES = 256 * 1024 * 1024;

export async function openRecordFiles(open: OpenRecordFile, options: RecordFilesOptions = {}): Promise<RecordFiles> {
  const { firstPart = 1, partBytes = PART_BYTES } = options;
  const [requests, monitors, events] = (await Promise.all(
    [RESULT_FILES.requests, RESULT_FILES.monitors, RESULT_FILES.events].map((name) =>
      openParts(name, open, firstPart, partBytes),
    ),
  )) as [Parts, Parts, Parts];
  const log = await open(RESULT_FILES.log);
  return {
    requests: requests.append,
    monitor: (sample) => monitors.append(`${JSON.stringify(sample)}\n`),
    event: (event) => events.append(`${JSON.stringify(event)}\n`),
    log: (line) => log.append(`${line}\n`),
    async retry() {
      await events.retry();
      await log.retry();
      await monitors.retry(MOST_RETRIED_BYTES);
      await requests.retry(MOST_RETRIED_BYTES);
    },
    async close() {
      for (const file of [requests, monitors, events, log]) await file.close();
    },
  };
}

interface Parts {
  append(lines: string | Uint8Array): void;
  retry(mostBytes?: number): Promise<void>;
  close(): Promise<unknown>;
}

/** One file that grows, in parts. Lines never wait for the next part to be opened: until it is, they go into the one before it. */
async function openParts(name: string, open: OpenRecordFile, firstPart: number, partBytes: number): Promise<Parts> {
  let part = firstPart;
  let current = await open(partName(name, part));
  let opening: Promise<void> | undefined;
  const earlier: Promise<unknown>[] = [];
  let nextAtBytes = partBytes;
  const openNext = async (): Promise<void> => {
    try {
      const next = await open(partName(name, part + 1));
      part += 1;
      earlier.push(current.close());
      current = next;
      nextAtBytes = partBytes;
    } catch {
      // No room or no descriptor for another file now: the part grows on, and it is tried again when it has doubled.
      nextAtBytes = current.sizeBytes * 2;
    }
    opening = undefined;
  };
  return {
    append(lines) {
      current.append(lines);
      if (current.sizeBytes >= nextAtBytes) opening ??= openNext();
    },
    async retry(mostBytes) {
      await opening;
      await current.retry(mostBytes);
    },
    async close() {
      await opening;
      await Promise.all([...earlier, current.close()]);
    },
  };
}
