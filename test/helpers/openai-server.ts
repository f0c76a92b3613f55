/** An OpenAI-compatible server that offers the model `m`, and answers each completion as the test says. */
import type { TestContext } from 'node:test';
import { chatDialect } from '../fixtures/servers/openai-dialect.ts';
import {
  chunk,
  document,
  END_OF_BODY,
  ending,
  event,
  STREAM_HEAD,
  type Behaviour,
} from '../fixtures/servers/behaviour.ts';
import { startRawServer, type RawServer } from './raw-server.ts';

/** Four outputs at once. */
export const answersAtOnce: Behaviour = ({ socket, dialect }) => {
  const tokens = ['a', ' b', ' c', ' d'].map((text) => event(dialect.token(text))).join('');
  socket.write(STREAM_HEAD + chunk(tokens + ending(dialect, 8, 4)).toString() + END_OF_BODY);
};

export interface OpenAiServerOptions {
  /** How the list of models is answered; by default it names `m`. */
  readonly models?: Behaviour;
  /** By the first part of the path (`/html/v1/chat/completions`); without one of that name the `''` one answers. */
  readonly answers?: Readonly<Record<string, Behaviour>>;
}

/** Stopped after the test. */
export async function openAiServer(t: TestContext, options: OpenAiServerOptions = {}): Promise<RawServer> {
  const { models = listsModel, answers = {} } = options;
  const server = await startRawServer(async (socket, request) => {
    const answer = { socket, request, dialect: chatDialect, wroteMs: [], nowMs: () => 0 };
    if (request.method === 'GET') return models(answer);
    const part = request.path.split('/')[1] ?? '';
    await (answers[part] ?? answers[''] ?? answersAtOnce)(answer);
  });
  t.after(() => server.close());
  return server;
}

const listsModel: Behaviour = ({ socket }) => {
  const body = JSON.stringify({ object: 'list', data: [{ id: 'm', object: 'model' }] });
  socket.write(document('200 OK', 'application/json', body));
};
