/// <reference path="./proxy-from-env.d.ts" />
/** How to get to a server: its address, the proxy the environment names for it, and what its certificate must be. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { getCACertificates, type ConnectionOptions } from 'node:tls';
import { getProxyForUrl } from 'proxy-from-env';
import { RunError } from '../../contract/errors.ts';
import type { BackendPlan } from '../../contract/plan.ts';
import { createNameLookup, type NameLookup } from './name-lookup.ts';

export interface HttpEndpoint {
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
}

export interface HttpOrigin extends HttpEndpoint {
  /** `http://host:port` */
  readonly text: string;
}

export interface HttpProxy extends HttpOrigin {
  /** `Proxy-Authorization`, where the environment gives credentials. They stand nowhere else. */
  readonly authorization?: string;
}

export interface HttpRoute {
  readonly origin: HttpOrigin;
  readonly proxy?: HttpProxy;
  readonly trust: Pick<ConnectionOptions, 'rejectUnauthorized' | 'ca'>;
  /** Asked whenever a connection is opened to a host that is named, not numbered. */
  readonly lookup: NameLookup;
}

/** Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in somebody's shell cannot switch it off unseen. */
export const DEFAULT_TRUST: HttpRoute['trust'] = { rejectUnauthorized: true };

/** @throws RunError RUN_BACKEND_UNREACHABLE where the proxy or the file of certificates cannot be used */
export function routeTo(
  { url, tls, location }: Pick<BackendPlan, 'url' | 'tls' | 'location'>,
  lookup = createNameLookup(),
): HttpRoute {
  const origin = httpOriginOf(url as string);
  const proxy = proxyOf(origin, location);
  return { origin, trust: trustOf(tls, location), lookup, ...(proxy === undefined ? {} : { proxy }) };
}

export function httpOriginOf(url: string): HttpOrigin {
  const { protocol, hostname, port, origin } = new URL(url);
  const secure = protocol === 'https:';
  return {
    secure,
    hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    text: origin,
  };
}

/** Whether connections ask where the server is: it has a name, and no proxy looks it up instead. */
export function findsServerByName({ origin, proxy }: HttpRoute): boolean {
  return proxy === undefined && isIP(origin.hostname) === 0;
}

/** `host:port`, as it stands in requests. */
export function authorityOf({ hostname, port }: HttpEndpoint): string {
  return `${isIP(hostname) === 6 ? `[${hostname}]` : hostname}:${port}`;
}

/** This machine's own addresses. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

const LOOPBACK = /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|::1)$/i;

function proxyOf(origin: HttpOrigin, location: BackendPlan['location']): HttpProxy | undefined {
  // A proxy could not reach them.
  if (isLoopback(origin.hostname)) return undefined;
  const text = getProxyForUrl(origin.text);
  if (text === '') return undefined;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new RunError(
      'RUN_BACKEND_UNREACHABLE',
      url === null
        ? 'The environment names a proxy (HTTP_PROXY, HTTPS_PROXY or ALL_PROXY) whose address cannot be read.'
        : `The environment names a ${url.protocol.slice(0, -1)} proxy for ${origin.text}; only http and https proxies are supported.`,
      { hint: `Set HTTPS_PROXY to an http:// address, or add ${origin.hostname} to NO_PROXY.`, location },
    );
  }
  const { username, password } = url;
  if (username === '' && password === '') return httpOriginOf(url.href);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    ...httpOriginOf(url.href),
    authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
  };
}

function trustOf(tls: BackendPlan['tls'], location: BackendPlan['location']): HttpRoute['trust'] {
  if (tls === undefined) return DEFAULT_TRUST;
  if (!tls.verify) return { rejectUnauthorized: false };
  if (tls.caFile === undefined) return DEFAULT_TRUST;
  try {
    return { rejectUnauthorized: true, ca: [...getCACertificates('default'), readFileSync(tls.caFile, 'utf8')] };
  } catch (thrown) {
    throw new RunError(
      'RUN_BACKEND_UNREACHABLE',
      `The certificates in ${tls.caFile} cannot be read: ${(thrown as Error).message}`,
      { hint: 'The backend’s `tls { ca … }` names the file, relative to the scenario.', location, cause: thrown },
    );
  }
}
