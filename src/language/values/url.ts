/** Addresses of servers: is this one, and does it leave this machine? */
import type { AstNode } from 'langium';
import type { Report } from '../validation/report.ts';

export function checkUrl(text: string, node: AstNode, report: Report): string | undefined {
  const problem = problemOf(text);
  if (problem === undefined) return text;
  report('BENCH4007', { node }, { url: text, problem });
  return undefined;
}

function problemOf(text: string): string | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return 'it must begin with `http://` or `https://`';
  if (!/^https?:/i.test(text)) return 'only `http` and `https` are spoken';
  const port = /^https?:\/\/(?:[^/?#@]*@)?(?:\[[^\]]*\]|[^/?#:]*):([^/?#]*)/i.exec(text)?.[1];
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535))
    return `the port must be a number from 1 to 65535, not \`${port}\``;
  const url = URL.parse(text);
  if (url === null || url.hostname === '') return 'the host is missing or malformed';
  return url.username !== '' || url.password !== '' ? 'a user name or password does not belong into it' : undefined;
}

/** The host, where a key sent there in plain http could be read on the way. */
export function plainHttpHost(text: string): string | undefined {
  const url = URL.parse(text);
  if (url?.protocol !== 'http:') return undefined;
  const host = url.hostname.toLowerCase();
  return isLocalHost(host) ? undefined : host;
}

/** Is it this machine? */
export function isLocalHost(hostname: string): boolean {
  const host = hostname.toLowerCase();
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\./.test(host);
}
