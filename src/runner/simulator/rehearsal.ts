/**
 * Before it says that it listens, the simulator answers itself for a moment, on a port of its own: JavaScript that has just begun is several
 * times slower than what has run some thousand times, and its first clients would find it late.
 */
import { collectGarbage } from '../platform/collect-garbage.ts';
import { askAndDiscard } from '../platform/discard-answer.ts';
import type { SimulatorOptions } from './options.ts';

/** What it takes, start and stop of a server not included. */
const LENGTH_MS = 300;
const CONNECTIONS = 32;
const ANSWER_TOKENS = 40;
const ANSWER_MS = 40;
const PROMPT = 'Say the same words once more';

/** The part of a server that is rehearsed with. */
export interface RehearsedServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** @param start a server with these options, on any free port of this machine. It never fails: what cannot be rehearsed begins cold. */
export async function rehearse(
  options: SimulatorOptions,
  start: (options: SimulatorOptions) => Promise<RehearsedServer>,
): Promise<void> {
  try {
    const server = await start(hurried(options));
    try {
      const given = AbortSignal.timeout(LENGTH_MS);
      const port = Number(new URL(server.url).port);
      await Promise.all(Array.from({ length: CONNECTIONS }, () => askAgain(port, options.model, given)));
    } finally {
      await server.stop();
    }
    collectGarbage();
  } catch {
    // It shows in its lateness.
  }
}

/** The same engine with other times: many short answers instead of few long ones, and nothing that goes wrong. */
function hurried({ batching, outputTokens, model }: SimulatorOptions): SimulatorOptions {
  const gapMs = ANSWER_MS / ANSWER_TOKENS;
  return {
    outputTokens,
    ...(model === undefined ? {} : { model }),
    firstTokenMs: { kind: 'constant', value: gapMs },
    interTokenMs: { kind: 'uniform', min: gapMs / 2, max: gapMs * 1.5 },
    ...(batching === undefined
      ? {}
      : {
          batching: {
            ...batching,
            stepMs: gapMs,
            stepPerSequenceMs: 0,
            stepPerContextTokenMs: 0,
            stepPerPromptTokenMs: 0,
            sendMs: gapMs / CONNECTIONS / 2,
            maxSequences: CONNECTIONS,
            maxBatchedTokens: 2048,
            maxModelTokens: 2048,
            kvCacheTokens: CONNECTIONS * 2048,
          },
        }),
  };
}

async function askAgain(port: number, model: string | undefined, given: AbortSignal): Promise<void> {
  const common = { ...(model === undefined ? {} : { model }), max_tokens: ANSWER_TOKENS };
  const messages = [{ role: 'user', content: PROMPT }];
  const stream = { stream: true, stream_options: { include_usage: true } };
  const requests: readonly (readonly [path: string, body: object])[] = [
    ['/v1/chat/completions', { ...common, ...stream, messages }],
    ['/v1/chat/completions', { ...common, ...stream, messages }],
    ['/v1/completions', { ...common, ...stream, prompt: PROMPT }],
    ['/v1/chat/completions', { ...common, messages }],
  ];
  for (let turn = 0; !given.aborted; turn += 1) {
    const [path, body] = requests[turn % requests.length] as (typeof requests)[number];
    await askAndDiscard(port, path, JSON.stringify(body));
  }
}
