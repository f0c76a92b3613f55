/** What a server answers to `GET /v1/models`: every engine that speaks like OpenAI has it. */
import { RunError } from '../../contract/errors.ts';

const TIMEOUT_MS = 5_000;
/** Lists of models are short; what is longer is none. */
const MOST_CHARACTERS = 1_000_000;
const MOST_MODELS = 500;

export type Fetch = (
  url: string,
  init: { headers: Record<string, string>; signal: AbortSignal; redirect: 'error' },
) => Promise<Response>;

/** @throws RunError that says why there is no list. */
export async function listModels(url: string, key: string | undefined, fetchUrl: Fetch): Promise<readonly string[]> {
  const asked = modelsUrl(url);
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  let response: Response;
  try {
    response = await fetchUrl(asked, { headers, signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
  } catch {
    throw new RunError('RUN_BACKEND_UNREACHABLE', `${asked} does not answer.`, {
      hint: 'Is the server running, and is the address right?',
    });
  }
  if (!response.ok)
    throw new RunError('RUN_BACKEND_UNREACHABLE', `${asked} answers with ${response.status}.`, {
      hint:
        response.status === 401
          ? "Is the key right? Set it with 'Benchwright: Set Secret…'."
          : 'Write the name of the model yourself.',
    });
  return modelsOf(await readJson(response));
}

/** `url` is written with or without `/v1`. */
export function modelsUrl(url: string): string {
  return `${url.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1/models`;
}

async function readJson(response: Response): Promise<unknown> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > MOST_CHARACTERS) return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Names that can be written in a scenario; what a server sends beyond that is left out. */
export function modelsOf(answer: unknown): readonly string[] {
  const list: unknown = isRecord(answer) ? (answer['data'] ?? answer['models']) : undefined;
  if (!Array.isArray(list)) return [];
  const names = list.map((each: unknown) => (isRecord(each) ? (each['id'] ?? each['name']) : each));
  const printable = names.filter(
    (each): each is string =>
      typeof each === 'string' && each.length > 0 && each.length <= 300 && !/\p{Cc}/u.test(each),
  );
  return [...new Set(printable)].slice(0, MOST_MODELS);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** A text of the language with this content. */
export function quoted(text: string): string {
  return `"${text.replaceAll(/["\\$]/g, '\\$&')}"`;
}
