/** The files of a run that grow while it goes on, as one: what happens to one of them when the disk is full happens to all. */
import { RESULT_FILES, type MonitorSample, type RunEventRecord } from '../../contract/record.ts';
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

export type OpenRecordFile = (name: string) => Promise<RecordFile>;

/** Requests that could not be written are kept for a retry up to this size: the room kept in reserve is for the report. */
const MOST_RETRIED_BYTES = 1024 * 1024;

export async function openRecordFiles(open: OpenRecordFile): Promise<RecordFiles> {
  const [requests, monitors, events, log] = (await Promise.all(
    [RESULT_FILES.requests, RESULT_FILES.monitors, RESULT_FILES.events, RESULT_FILES.log].map(open),
  )) as [RecordFile, RecordFile, RecordFile, RecordFile];
  return {
    requests: (lines) => requests.append(lines),
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
