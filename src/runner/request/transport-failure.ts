/** Which failure an error of the network is. By code and by how far the connection had got, never by an error's words. */
import type { FailureReason } from '../../contract/outcome.ts';
import type { ConnectPhase } from '../platform/http.ts';

/** This machine, not the server, was out of something. */
const GENERATOR_CODES: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'EADDRNOTAVAIL',
  'EADDRINUSE',
  'ENOBUFS',
  'ENOMEM',
]);

/** The connection is over, and that is all there is to say. */
const CLOSED_CODES: ReadonlySet<string> = new Set(['CONNECTION_GONE', 'ECONNRESET', 'ECONNABORTED', 'EPIPE']);

export function connectFailure(thrown: NodeJS.ErrnoException, phase: ConnectPhase): FailureReason {
  const error = tellingOf(thrown);
  const code = error.code ?? '';
  if (isOfGenerator(error)) return 'out-of-sockets';
  if (code === 'PROXY_REFUSED') return 'connection-refused';
  if (phase === 'tls') return 'tls-failed';
  if (error.syscall === 'getaddrinfo' || code.startsWith('EAI_') || code === 'ENOTFOUND') return 'dns-failed';
  if (code === 'ETIMEDOUT') return 'connect-timeout';
  return code === 'ECONNRESET' || code === 'CONNECTION_GONE' ? 'connection-reset' : 'connection-refused';
}

/**
 * Of several addresses of one name, none of which took the connection, the error that tells why. An address of a kind that this machine
 * does not have (IPv6 where there is none) says nothing, as long as another one said something.
 */
function tellingOf(error: NodeJS.ErrnoException): NodeJS.ErrnoException {
  if (!(error instanceof AggregateError)) return error;
  const errors = error.errors as readonly NodeJS.ErrnoException[];
  const [here, there] = [errors.filter(isOfGenerator), errors.filter((each) => !isOfGenerator(each))];
  return (
    here.find(({ code }) => code !== 'EADDRNOTAVAIL') ??
    there.find(({ code }) => code !== 'ENETUNREACH') ??
    here[0] ??
    error
  );
}

function isOfGenerator({ code = '' }: NodeJS.ErrnoException): boolean {
  return GENERATOR_CODES.has(code);
}

export function isClosedConnection(error: NodeJS.ErrnoException): boolean {
  return CLOSED_CODES.has(error.code ?? '');
}

/** Of an error that came after the connection was ready and before the answer was complete. */
export function transportFailure(error: NodeJS.ErrnoException, hasHead: boolean): FailureReason {
  const code = error.code ?? '';
  if (isClosedConnection(error)) return hasHead ? 'stream-cut' : 'connection-reset';
  if (isOfGenerator(error)) return 'out-of-sockets';
  // What else the operating system may report (EHOSTUNREACH, ETIMEDOUT …) ended the connection too.
  if (/^E[A-Z0-9]+$/.test(code)) return hasHead ? 'stream-cut' : 'connection-reset';
  return 'internal';
}

/** The error in one line: code first, since that is what people look up. */
export function describeError(error: NodeJS.ErrnoException): string {
  const { code } = error;
  // Several addresses of one name, none of which answered.
  const message =
    error instanceof AggregateError ? error.errors.map((each) => (each as Error).message).join('; ') : error.message;
  return code === undefined || message.includes(code) ? message : `${code}: ${message}`;
}
