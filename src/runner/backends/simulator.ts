/** `simulator`: the built-in engine speaks OpenAI chat; the runner starts it and puts its address into the plan as `url`. */
import type { CreateBackend } from './backend.ts';
import createOpenAiChat from './openai-chat.ts';

const createSimulator: CreateBackend = (plan, secrets) =>
  createOpenAiChat({ ...plan, model: plan.model ?? 'simulator' }, secrets);
export default createSimulator;
