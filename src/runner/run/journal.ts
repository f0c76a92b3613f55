/** What happens in a run is told once here: to whoever watches, to the record, to the log. Nothing secret passes. */
import type { RunnerEventLine, RunnerEvents } from '../../contract/protocol/runner.ts';
import type { RunEventRecord } from '../../contract/record.ts';
import type { RecordFiles } from './record-files.ts';
import type { RunHost } from './run.ts';

export type LogLevel = RunnerEvents['log']['level'];

export interface Journal {
  /** To whoever watches. */
  tell<Name extends keyof RunnerEvents>(event: Name, data: RunnerEvents[Name]): void;
  /** Into events.jsonl. */
  record(event: RunEventRecord): void;
  /** To both, and into run.log. */
  log(level: LogLevel, message: string): void;
}

export function createJournal(parts: {
  readonly host: RunHost;
  readonly files: Pick<RecordFiles, 'event' | 'log'>;
  readonly redact: (text: string) => string;
  /** ms since the run began. */
  readonly nowMs: () => number;
  readonly beganAtEpochMs: number;
}): Journal {
  const { host, files, redact, nowMs, beganAtEpochMs } = parts;
  const tell = <Name extends keyof RunnerEvents>(event: Name, data: RunnerEvents[Name]): void =>
    host.onEvent({ event, data } as RunnerEventLine);
  return {
    tell,
    record: (event) => files.event(event),
    log(level, text) {
      const message = redact(text);
      const atMs = roundedMs(nowMs());
      tell('log', { level, message, atMs });
      const at = new Date(beganAtEpochMs + atMs).toISOString();
      files.log(`${at} ${level.padEnd(7)} ${message.replaceAll('\n', '\n  ')}`);
    },
  };
}

export function roundedMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
