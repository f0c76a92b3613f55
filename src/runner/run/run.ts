/** The one way to run a Plan, for the terminal, the runner process and the HTTP service alike. */
import type {
  RateAnswer,
  RateWish,
  RunnerEventLine,
  RunFinished,
  StartParams,
} from '../../contract/protocol/runner.ts';

export interface RunHandle {
  readonly runId: string;
  /** Absolute result directory, already created. */
  readonly directory: string;
  /** No new requests, drain, report. */
  stop(): void;
  /** Changes the load while it runs. */
  setRate(wish: RateWish): RateAnswer;
  /** Cut what is in flight, report. `host-gone`: nobody is left who asked for the run. */
  abort(why?: 'user-abort' | 'host-gone'): void;
  /** @throws RunError (rejection) only when there is nothing to report or the report could not be written. */
  readonly finished: Promise<RunFinished>;
}

export interface RunHost {
  onEvent(line: RunnerEventLine): void;
}

/** @throws RunError when the plan, its data, secrets, backend or result directory cannot be used: nothing was sent then. */
export type StartRun = (params: StartParams, host: RunHost) => Promise<RunHandle>;
