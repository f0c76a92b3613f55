/** A request as it goes over the request. Its head is the same for every request of a backend but for the length, so it is made once. */
import { invariant } from '../../contract/errors.ts';
import type { HttpRoute } from './http-route.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Text goes out as UTF-8. */
  readonly body: string | undefined;
}

const TARGET = /^\/[\x21-\x7e\x80-\xff]*$/;

export function createRequestBytes(route: HttpRoute): (request: HttpRequest) => Buffer {
  let made: { readonly request: HttpRequest; readonly head: Buffer } | undefined;
  return (request) => {
    if (made === undefined || !hasSameHead(made.request, request))
      made = { request, head: Buffer.from(headOf(request, route), 'latin1') };
    const { head } = made;
    const { body } = request;
    const bodyBytes = body === undefined ? 0 : Buffer.byteLength(body);
    const rest = body === undefined ? '\r\n' : `content-length: ${bodyBytes}\r\n\r\n`;
    const bytes = Buffer.allocUnsafe(head.length + rest.length + bodyBytes);
    bytes.set(head);
    bytes.write(rest, head.length, 'latin1');
    if (body !== undefined) bytes.write(body, head.length + rest.length, 'utf8');
    return bytes;
  };
}

function hasSameHead(one: HttpRequest, other: HttpRequest): boolean {
  return one.headers === other.headers && one.path === other.path && one.method === other.method;
}

function headOf({ method, path, headers }: HttpRequest, { origin, proxy }: HttpRoute): string {
  invariant(TARGET.test(path), `a path of a request begins with a slash and has no spaces, not "${path}"`);
  // Through a tunnel it is the server that is spoken to; a proxy without one wants to know whose path it is.
  const isToProxy = proxy !== undefined && !origin.secure;
  const fields = {
    host: origin.text.slice(origin.text.indexOf('//') + 2),
    connection: 'keep-alive',
    ...(isToProxy && proxy.authorization !== undefined ? { 'proxy-authorization': proxy.authorization } : {}),
    ...headers,
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${isToProxy ? origin.text : ''}${path} HTTP/1.1\r\n${lines.join('')}`;
  invariant(head.split(/[\r\n]+/).length === lines.length + 2, 'a header has one line');
  return head;
}
