/** `openai.chat`: `POST …/v1/chat/completions`. */
import type { CreateBackend } from './backend.ts';
import { createOpenAiBackend, type OpenAiProtocol } from './openai/openai-backend.ts';

const chat: OpenAiProtocol = {
  shape: 'chat',
  endpoint: '/chat/completions',
  promptFields: (prompt) => ({ messages: prompt.messages }),
};

const createOpenAiChat: CreateBackend = (plan, secrets) => createOpenAiBackend(chat, plan, secrets);
export default createOpenAiChat;
