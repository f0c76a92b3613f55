/** What the OpenAI-compatible protocols have in common: everything but the path and the form of the prompt. */
import { RunError } from '../../../contract/errors.ts';
import type { BackendPlan } from '../../../contract/plan.ts';
import type { Prompt } from '../../datasets/dataset.ts';
import type { Backend } from '../backend.ts';
import { OpenAiAnswerReader } from './answer-reader.ts';
import { endpointPath, modelsPath } from './endpoint-url.ts';
import type { AnswerShape } from './event-meaning.ts';
import { requestHeaders } from './request-headers.ts';

export interface OpenAiProtocol {
  readonly shape: AnswerShape;
  readonly endpoint: string;
  /** The part of the body that carries the prompt. */
  promptFields(prompt: Prompt): Readonly<Record<string, unknown>>;
}

/** @throws RunError RUN_PLAN_UNREADABLE, RUN_SECRET_MISSING */
export function createOpenAiBackend(
  protocol: OpenAiProtocol,
  plan: BackendPlan,
  secrets: Readonly<Record<string, string>>,
): Backend {
  const { url } = plan;
  if (url === undefined)
    throw new RunError('RUN_PLAN_UNREADABLE', `Backend ${plan.name} has no url.`, {
      hint: 'Write `url "http://host:port"` in the backend.',
    });
  const streams = plan.options['stream'] !== false;
  const path = endpointPath(url, protocol.endpoint);
  const headers = requestHeaders(plan, secrets, streams ? 'text/event-stream' : 'application/json');
  // The same in every request: written once, and the prompt after it.
  const opening = JSON.stringify(bodyFields(plan, streams)).slice(0, -1);
  const maxTokensField =
    plan.options['maxTokensField'] === 'max-completion-tokens' ? 'max_completion_tokens' : 'max_tokens';
  const models = modelsPath(url, protocol.endpoint);
  return {
    streams,
    prepare: (prompt) => ({
      method: 'POST',
      path,
      headers,
      body: `${opening},${JSON.stringify(protocol.promptFields(prompt)).slice(1, -1)}${
        prompt.outputTokens === undefined ? '' : `,"${maxTokensField}":${prompt.outputTokens}`
      }}`,
    }),
    createReader: ({ keepText }) => new OpenAiAnswerReader({ shape: protocol.shape, streams, keepText }),
    probes: models === undefined ? {} : { modelsPath: models },
  };
}

/** The same in every request. */
function bodyFields(plan: BackendPlan, streams: boolean): Readonly<Record<string, unknown>> {
  const { temperature, topP, topK, seed, ignoreEos } = plan.sampling;
  return {
    ...(plan.model === undefined ? {} : { model: plan.model }),
    stream: streams,
    // The exact number of output tokens is only to be had from the server.
    ...(streams ? { stream_options: { include_usage: true } } : {}),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(topK === undefined ? {} : { top_k: topK }),
    ...(seed === undefined ? {} : { seed }),
    ...(ignoreEos === true ? { ignore_eos: true } : {}),
  };
}
