import type { BackendEntry, OptionEntry } from './describe.ts';
import { SIMULATOR_OPTIONS } from './simulator.ts';

const openAiCapabilities: BackendEntry['capabilities'] = {
  streaming: true,
  outputTokens: true,
  usage: true,
  reasoning: true,
  url: 'required',
  model: 'required',
  ignoreEos: true,
};

const streamOption: Record<string, OptionEntry> = {
  stream: {
    planKey: 'stream',
    type: { kind: 'flag' },
    defaultText: 'on',
    doc: 'Ask for a stream of events. `off` gives no TTFT, ITL or TPOT.',
  },
  'max-tokens-field': {
    planKey: 'maxTokensField',
    type: {
      kind: 'choice',
      choices: {
        'max-tokens': 'The field `max_tokens`, understood by most servers.',
        'max-completion-tokens': 'The field `max_completion_tokens`, required by newer OpenAI models.',
      },
    },
    defaultText: 'max-tokens',
    doc: 'How the wanted number of output tokens is named in the request.',
  },
};

const planned = (
  id: string,
  doc: string,
  capabilities: Partial<BackendEntry['capabilities']> = {},
  options: Record<string, OptionEntry> = {},
): BackendEntry => ({
  id,
  doc,
  options,
  capabilities: { ...openAiCapabilities, ignoreEos: false, ...capabilities },
  unavailable: true,
});

const jsonpath = (planKey: string, doc: string): OptionEntry => ({ planKey, type: { kind: 'jsonpath' }, doc });

export const BACKENDS: readonly BackendEntry[] = [
  {
    id: 'simulator',
    doc: 'The built-in engine simulator, over real HTTP on loopback: needs no server and no GPU.',
    options: SIMULATOR_OPTIONS,
    capabilities: { ...openAiCapabilities, url: 'optional', model: 'optional', reasoning: false },
  },
  {
    id: 'openai.chat',
    doc: 'OpenAI-compatible chat completions (`POST /v1/chat/completions`, server-sent events): vLLM, SGLang, TGI, llama.cpp, TensorRT-LLM, hosted APIs.',
    options: streamOption,
    capabilities: openAiCapabilities,
  },
  {
    id: 'openai.completions',
    doc: 'OpenAI-compatible text completions (`POST /v1/completions`, server-sent events).',
    options: streamOption,
    capabilities: { ...openAiCapabilities, reasoning: false },
  },
  planned('openai.embeddings', 'OpenAI-compatible embeddings: no streaming, no output tokens.', {
    streaming: false,
    outputTokens: false,
    reasoning: false,
  }),
  planned('rerank', 'Rerank endpoints (`POST /v1/rerank`) such as those of vLLM and Text Embeddings Inference.', {
    streaming: false,
    outputTokens: false,
    reasoning: false,
  }),
  planned('vllm', 'vLLM, with its own extensions (tokenize, metrics, profiler, cache reset).', { ignoreEos: true }),
  planned('sglang', 'SGLang, native `/generate`.', { ignoreEos: true }),
  planned('tgi', 'Hugging Face Text Generation Inference, native `/generate_stream`.', { model: 'optional' }),
  planned('triton', 'TensorRT-LLM behind Triton (`/v2/models/<model>/generate_stream`).'),
  planned('deepspeed-mii', "DeepSpeed-MII's REST endpoint."),
  planned('ollama', 'Ollama, native `/api/chat` (newline-delimited JSON).'),
  planned('llamacpp', 'llama.cpp server, native `/completion`.', { model: 'optional', ignoreEos: true }),
  planned('anthropic', 'Anthropic-compatible messages API.'),
  planned(
    'custom',
    'Any HTTP service, described in the file: request template and how to read its stream.',
    { model: 'optional' },
    {
      request: {
        planKey: 'request',
        type: {
          kind: 'text',
          placeholders: {
            prompt: 'The prompt.',
            output: 'Number of output tokens asked for.',
            model: "The backend's model.",
          },
        },
        doc: 'Request body; `${json(prompt)}`, `${output}` and params are filled in.',
      },
      stream: {
        planKey: 'stream',
        type: {
          kind: 'choice',
          choices: { sse: 'Server-sent events.', ndjson: 'One JSON value per line.', none: 'One answer, no stream.' },
        },
        doc: 'How the answer is framed.',
      },
      token: jsonpath('tokenPath', 'Where a stream event carries output text.'),
      done: jsonpath('donePath', 'Where the last event says it is the last.'),
      usage: jsonpath('usagePath', 'Where the number of output tokens stands.'),
    },
  ),
];

export function findBackend(id: string): BackendEntry | undefined {
  return BACKENDS.find((each) => each.id === id);
}
