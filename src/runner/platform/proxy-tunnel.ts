/** A way through a proxy to a server that speaks TLS: `CONNECT host:port` (RFC 9110, section 9.3.6). */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { authorityOf, DEFAULT_TRUST, type HttpEndpoint, type HttpProxy, type HttpRoute } from './http-route.ts';

/** Longest answer of a proxy that is read. */
const MAX_ANSWER_BYTES = 16 * 1024;

export class ProxyRefusedError extends Error {
  readonly code = 'PROXY_REFUSED';
}

/** `done` is called once, when the way is open. Until then the socket's `error` and `close` tell what went wrong. */
export function openTunnel(
  proxy: HttpProxy,
  { target, lookup }: { readonly target: HttpEndpoint } & Pick<HttpRoute, 'lookup'>,
  done: () => void,
): Socket {
  const { hostname: host, port, secure } = proxy;
  const socket = secure
    ? connectTls({ host, port, lookup, ...(isIP(host) === 0 ? { servername: host } : {}), ...DEFAULT_TRUST })
    : connectTcp({ host, port, lookup, autoSelectFamily: true });
  socket.setNoDelay(true);
  socket.once(secure ? 'secureConnect' : 'connect', () => {
    const authority = authorityOf(target);
    const authorization = proxy.authorization === undefined ? '' : `Proxy-Authorization: ${proxy.authorization}\r\n`;
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
  });
  let answer = '';
  const onData = (bytes: Buffer): void => {
    answer += bytes.toString('latin1');
    const end = answer.indexOf('\r\n\r\n');
    if (end < 0 && answer.length <= MAX_ANSWER_BYTES) return;
    socket.off('data', onData);
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1];
    // Bytes behind the head would be the server's, who waits for us to speak first.
    if (end < 0 || status === undefined || !status.startsWith('2') || answer.length > end + 4) {
      const said = status === undefined || end < 0 ? 'something that is not HTTP' : `HTTP ${status}`;
      socket.destroy(new ProxyRefusedError(`the proxy ${proxy.text} answered CONNECT with ${said}`));
      return;
    }
    socket.pause();
    done();
  };
  socket.on('data', onData);
  return socket;
}
