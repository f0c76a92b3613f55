/**
 * Where an OpenAI-compatible endpoint stands, given the url of the scenario (docs/backends.md):
 * `http://host` and `http://host/v1` mean the same; a path before `/v1` and a query are kept; another version segment
 * (`/v3`, `/v1beta`) stays as it is; a url that already ends in the endpoint's path is taken literally.
 */
import { RunError } from '../../../contract/errors.ts';

const VERSION_SEGMENT = /\/v\d+[a-z0-9]*$/;

/** Path and query of `endpoint` (e.g. `/chat/completions`) below `url`. @throws RunError RUN_PLAN_UNREADABLE */
export function endpointPath(url: string, endpoint: string): string {
  const { pathname, search } = checkedUrl(url);
  const base = pathname.replace(/\/+$/, '');
  if (base.endsWith(endpoint)) return base + search;
  return (VERSION_SEGMENT.test(base) ? base : `${base}/v1`) + endpoint + search;
}

/** The list of models beside that endpoint; `undefined` where the url names the endpoint itself and nothing is known of its neighbours. */
export function modelsPath(url: string, endpoint: string): string | undefined {
  const { pathname, search } = checkedUrl(url);
  const base = pathname.replace(/\/+$/, '');
  if (!base.endsWith(endpoint)) return endpointPath(url, '/models');
  const parent = base.slice(0, -endpoint.length);
  return VERSION_SEGMENT.test(parent) ? `${parent}/models${search}` : undefined;
}

function checkedUrl(url: string): URL {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new RunError('RUN_PLAN_UNREADABLE', `The backend's url "${url}" is not a URL.`, {
      hint: 'Write it like "http://127.0.0.1:8000".',
    });
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')
    throw new RunError('RUN_PLAN_UNREADABLE', `The backend's url "${url}" is neither http nor https.`);
  if (parsed.username !== '' || parsed.password !== '')
    throw new RunError(
      'RUN_PLAN_UNREADABLE',
      `The url of the backend at ${parsed.host} carries a user name or password.`,
      {
        hint: 'Move it to `key secret("…")` or to a header with a secret.',
      },
    );
  return parsed;
}
