/**
 * The time of a run that was cut off and resumed. Its record has a part for each time it was running, one after the other on one axis;
 * a part begins with preparation and the warm-up, run again, before the load goes on. Both are taken out here, so that stages last as
 * long as they were asked to and requests are due when the schedule says, as if the run had never stopped.
 */
import { REQUEST_INSTANTS, type RequestRecord } from '../../../contract/outcome.ts';
import type { GeneratorSample, RunEventRecord, RunResumedEvent } from '../../../contract/record.ts';
import { isWarmup } from '../request-value.ts';

interface Part {
  /** In the record: where the part begins, and where its load goes on (Infinity: it was cut off before). */
  readonly fromMs: number;
  readonly loadFromMs: number;
  /** In the run: where the load goes on. */
  readonly atMs: number;
}

export class RunTime {
  readonly resumes: readonly RunResumedEvent[];
  readonly #parts: readonly Part[];

  /** @param events As recorded, in their order. */
  constructor(events: readonly RunEventRecord[]) {
    this.resumes = events.filter((event) => event.type === 'run.resumed');
    this.#parts = this.resumes.map((resume) => {
      const at = events.indexOf(resume);
      const next = events.findIndex((event, index) => index > at && event.type === 'run.resumed');
      const started = events.slice(at, next < 0 ? undefined : next).find((event) => event.type === 'stage.started');
      return { fromMs: resume.atMs, loadFromMs: started?.atMs ?? Infinity, atMs: resume.continuesAtMs };
    });
  }

  /** Time of the run at an instant of the record. */
  of(recordedMs: number): number {
    const part = this.#partOf(recordedMs);
    if (part === undefined) return recordedMs;
    return recordedMs < part.loadFromMs ? part.atMs : microseconds(recordedMs - part.loadFromMs + part.atMs);
  }

  /** The instant of the record at a time of the run. */
  recordedAt(runMs: number): number {
    const part = this.#parts.findLast(({ atMs, loadFromMs }) => atMs <= runMs && loadFromMs !== Infinity);
    return part === undefined ? runMs : microseconds(runMs - part.atMs + part.loadFromMs);
  }

  /** Of a part's preparation: it is no part of the run. */
  isAside(recordedMs: number): boolean {
    const part = this.#partOf(recordedMs);
    return part !== undefined && recordedMs < part.loadFromMs;
  }

  isAsideRecord(record: RequestRecord): boolean {
    return isWarmup(record) && this.#partOf(record.dueMs) !== undefined;
  }

  /** Where the part that this instant lies in was cut off, in time of the run; Infinity for the last one. */
  endOfPart(recordedMs: number): number {
    return this.#parts.find(({ fromMs }) => fromMs > recordedMs)?.atMs ?? Infinity;
  }

  record(record: RequestRecord): RequestRecord {
    const shiftMs = record.dueMs - this.of(record.dueMs);
    if (shiftMs === 0) return record;
    const moved: Partial<Record<(typeof REQUEST_INSTANTS)[number], number>> = {};
    for (const key of REQUEST_INSTANTS) if (record[key] !== undefined) moved[key] = microseconds(record[key] - shiftMs);
    return { ...record, ...moved };
  }

  /** What would have been told of a run that had never stopped, and its resumes. */
  events(events: readonly RunEventRecord[]): readonly RunEventRecord[] {
    if (this.#parts.length === 0) return events;
    const begun = new Set<string>();
    const lastPart = events.findLastIndex(({ type }) => type === 'run.resumed');
    let skewBeforeMs = 0;
    let skewMs = 0;
    return events.flatMap((event, index): RunEventRecord[] => {
      const atMs = this.of(event.atMs);
      switch (event.type) {
        case 'run.started':
          return [event];
        case 'run.ended':
        case 'stopping':
          return index < lastPart ? [] : [{ ...event, atMs }];
        case 'stage.started': {
          const isFirst = !begun.has(event.stage);
          begun.add(event.stage);
          return isFirst ? [{ ...event, atMs }] : [];
        }
        case 'stage.ended': {
          const goesOn = events.some(
            (later, at) => at > index && later.type === 'run.resumed' && later.stage === event.stage,
          );
          return goesOn ? [] : [{ ...event, atMs }];
        }
        case 'run.resumed':
          skewBeforeMs = skewMs;
          return [{ ...event, atMs }];
        case 'generator': {
          // The wall clock is compared with where it was when this part began: what lies between the parts is no jump.
          skewMs = skewBeforeMs + event.sample.clockSkewMs;
          const sample: GeneratorSample = { ...event.sample, clockSkewMs: skewMs };
          return this.isAside(event.atMs) ? [] : [{ ...event, atMs, sample }];
        }
        case 'server.late':
          return this.isAside(event.atMs) ? [] : [{ ...event, atMs }];
        default:
          return [{ ...event, atMs }];
      }
    });
  }

  #partOf(recordedMs: number): Part | undefined {
    return this.#parts.findLast(({ fromMs }) => fromMs <= recordedMs);
  }
}

/** Sums of microseconds stay microseconds. */
function microseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
