/** What the main thread and a load worker say to each other. */
import type { RunPlan } from '../../contract/plan.ts';
import type { WorkerBatch } from '../measure/batch.ts';
import type { ThreadHealthSample } from '../platform/thread-health.ts';

/** The first message decides what a thread of this entry becomes. */
export type ToLoadWorker =
  | ({ readonly type: 'load' } & LoadWorkerSetup)
  | { readonly type: 'metronome'; readonly buffer: SharedArrayBuffer; readonly originNs: bigint }
  /** Opens its share of the first connections; the load begins when the shared load says so. */
  | { readonly type: 'begin'; readonly originNs: bigint }
  /** Answers `count`, in its order. */
  | { readonly type: 'counted'; readonly tokens: readonly number[] }
  /** There is a new change of the rate in the shared load. */
  | { readonly type: 'rate-changed' }
  | { readonly type: 'stop' }
  | { readonly type: 'abort' };

export interface LoadWorkerSetup {
  /** With the backend's address in `url`, also where the run found it itself. */
  readonly plan: RunPlan;
  readonly secrets: Readonly<Record<string, string>>;
  /** Number of this worker, and how many there are. */
  readonly worker: number;
  readonly workers: number;
  /** What the dataset's `load` gave. */
  readonly datasetData: unknown;
  readonly datasetSeed: number;
  readonly nonce: string;
  readonly sharedLoad: SharedArrayBuffer;
  /** Of a SharedBudget, where the plan has one. */
  readonly budget?: SharedArrayBuffer;
  readonly metronome: SharedArrayBuffer;
}

export type FromLoadWorker =
  | { readonly type: 'ready' }
  /** While connections are opened, when there is nothing else to say. */
  | { readonly type: 'alive' }
  | { readonly type: 'connected' }
  | { readonly type: 'batch'; readonly batch: WorkerBatch }
  | {
      readonly type: 'health';
      readonly sample: WorkerHealth;
      /** Where the server's name led to for the first time since the last one. */
      readonly addresses?: readonly SeenAddress[];
    }
  /** Whole texts whose tokens are to be counted, elsewhere than on the thread that stamps. */
  | { readonly type: 'count'; readonly texts: readonly string[] }
  | { readonly type: 'log'; readonly level: 'warning' | 'error'; readonly message: string }
  /** Every request is over, and everything was handed over. */
  | { readonly type: 'finished' };

export interface SeenAddress {
  readonly address: string;
  readonly atMs: number;
}

export interface WorkerHealth extends ThreadHealthSample {
  readonly scheduleLagMsP99: number;
  readonly scheduleLagMsMax: number;
  /** Of each request that was due since the last sample, in no order that means anything. */
  readonly scheduleLagsMs: Float64Array;
  readonly sockets: number;
}
