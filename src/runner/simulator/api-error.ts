/** What the simulator says of a request that it does not answer, in the words of OpenAI's API. */
import type { HttpAnswer, HttpRequest } from '../platform/http-server.ts';

export interface ApiError {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

export function wrongMethod(request: HttpRequest): ApiError {
  return { status: 405, type: 'BadRequestError', message: `${request.method} is not allowed at ${request.path}.` };
}

export function sendError(answer: HttpAnswer, error: ApiError, headers: Readonly<Record<string, string>> = {}): void {
  const body = { error: { message: error.message, type: error.type, param: null, code: error.status } };
  answer.send(error.status, 'application/json', JSON.stringify(body), headers);
}
