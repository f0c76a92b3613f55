import { newProgress, type EngineRequest } from '../../src/runner/simulator/engine-model.ts';

export interface RequestShape {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Requests of the same text have the same tokens from the beginning on. Default: a text of its own. */
  readonly text?: number;
}

/** A request for an engine model; `number` is its name. */
export function engineRequest(number: number, shape: RequestShape = {}): EngineRequest {
  const { inputTokens = 10, outputTokens = 1, text = number } = shape;
  return {
    number,
    inputTokens,
    outputTokens,
    tokenAt: (position) => text * 100_003 + position,
    progress: newProgress(),
  };
}
