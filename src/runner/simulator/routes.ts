/** The simulator's HTTP: which request is for the engine, and what is told of it. */
import { VERSION } from '../../contract/version.ts';
import type { HttpAnswer, HttpRequest } from '../platform/http-server.ts';
import { sendError, wrongMethod } from './api-error.ts';
import type { EngineMetrics } from './engine-metrics.ts';
import type { EngineModel } from './engine-model.ts';
import { EXPOSITION_TYPE } from './exposition.ts';
import type { Generation } from './generation.ts';
import { readTokenizeRequest } from './generation-request.ts';
import type { SimulatorOptions } from './options.ts';
import type { Simulator } from './simulator.ts';

const LATENESS_PATH = '/simulator/lateness';

export interface RoutesParts {
  readonly simulator: Pick<Simulator, 'generate' | 'lateness'>;
  readonly options: SimulatorOptions;
  readonly metrics: EngineMetrics;
  readonly model: Pick<EngineModel<Generation>, 'stats'>;
}

export function createRoutes({
  simulator,
  options,
  metrics,
  model,
}: RoutesParts): (request: HttpRequest, answer: HttpAnswer) => void {
  const modelId = options.model ?? 'simulator';
  const maxModelTokens = options.batching?.maxModelTokens;
  return (request, answer) => {
    const { path } = request;
    const get = (value: () => unknown): void => {
      if (request.method === 'GET') answer.send(200, 'application/json', JSON.stringify(value()));
      else sendError(answer, wrongMethod(request));
    };
    if (path.startsWith(`${LATENESS_PATH}/`)) {
      const watch = path.slice(LATENESS_PATH.length + 1, LATENESS_PATH.length + 65);
      return get(() => simulator.lateness({ watch }));
    }
    switch (path) {
      case '/v1/chat/completions':
        return simulator.generate('chat', request, answer);
      case '/v1/completions':
        return simulator.generate('completions', request, answer);
      case '/tokenize':
        return tokenize(request, answer, maxModelTokens);
      case '/v1/models':
        return get(() => modelList(modelId, maxModelTokens));
      case LATENESS_PATH:
        return get(() => simulator.lateness());
      case '/health':
        return get(() => ({ status: 'ok' }));
      case '/version':
        return get(() => ({ version: VERSION }));
      case '/metrics':
        if (request.method !== 'GET') return sendError(answer, wrongMethod(request));
        return answer.send(200, EXPOSITION_TYPE, metrics.render(model.stats(), modelId));
      default:
        sendError(answer, { status: 404, type: 'NotFoundError', message: `There is nothing at ${path}.` });
    }
  };
}

export function refuseTooLarge(answer: HttpAnswer): void {
  sendError(answer, { status: 413, type: 'BadRequestError', message: 'The body is too large.' });
}

function modelList(modelId: string, maxModelTokens: number | undefined): unknown {
  const model = { id: modelId, object: 'model', created: 0, owned_by: 'benchwright' };
  return {
    object: 'list',
    data: [{ ...model, ...(maxModelTokens === undefined ? {} : { max_model_len: maxModelTokens }) }],
  };
}

function tokenize(request: HttpRequest, answer: HttpAnswer, max_model_len: number | undefined): void {
  if (request.method !== 'POST') return sendError(answer, wrongMethod(request));
  const tokens = readTokenizeRequest(request.body);
  if ('status' in tokens) return sendError(answer, tokens);
  answer.send(200, 'application/json', JSON.stringify({ count: tokens.length, max_model_len, tokens }));
}
