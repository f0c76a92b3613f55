/** `openai.completions`: `POST …/v1/completions`. */
import type { CreateBackend } from './backend.ts';
import { createOpenAiBackend, type OpenAiProtocol } from './openai/openai-backend.ts';

const completions: OpenAiProtocol = {
  shape: 'completions',
  endpoint: '/completions',
  promptFields: (prompt) => ({ prompt: prompt.text }),
};

const createOpenAiCompletions: CreateBackend = (plan, secrets) => createOpenAiBackend(completions, plan, secrets);
export default createOpenAiCompletions;
