import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectFailure, describeError, transportFailure } from '../../../../src/runner/request/transport-failure.ts';

const error = (code: string, more: object = {}): NodeJS.ErrnoException =>
  Object.assign(new Error('went wrong'), { code, ...more });

const CONNECTING = {
  EMFILE: 'out-of-sockets',
  ENFILE: 'out-of-sockets',
  EADDRNOTAVAIL: 'out-of-sockets',
  ENOBUFS: 'out-of-sockets',
  ENOTFOUND: 'dns-failed',
  EAI_AGAIN: 'dns-failed',
  ECONNREFUSED: 'connection-refused',
  EHOSTUNREACH: 'connection-refused',
  ETIMEDOUT: 'connect-timeout',
  ECONNRESET: 'connection-reset',
} as const;

for (const [code, reason] of Object.entries(CONNECTING))
  test(`${code} while connecting is ${reason}`, () => assert.equal(connectFailure(error(code), 'tcp'), reason));

test('whatever ends a TLS handshake is tls-failed, unless this machine was out of something', () => {
  for (const code of ['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'ECONNRESET', 'EPROTO'])
    assert.equal(connectFailure(error(code), 'tls'), 'tls-failed');
  assert.equal(connectFailure(error('EMFILE'), 'tls'), 'out-of-sockets');
});

const addresses = (...codes: readonly string[]): NodeJS.ErrnoException =>
  Object.assign(new AggregateError(codes.map((code) => error(code))), { code: codes[0] });

test('of several addresses the error that tells why', () => {
  for (const [codes, reason] of [
    [['ECONNREFUSED', 'EHOSTUNREACH'], 'connection-refused'],
    [['ETIMEDOUT', 'ECONNREFUSED'], 'connect-timeout'],
    [['ECONNREFUSED', 'EMFILE'], 'out-of-sockets'],
    [['EADDRNOTAVAIL', 'EADDRNOTAVAIL'], 'out-of-sockets'],
    // No IPv6 on this machine: the other address is what counts.
    [['EADDRNOTAVAIL', 'ECONNREFUSED'], 'connection-refused'],
    [['ENETUNREACH', 'ETIMEDOUT'], 'connect-timeout'],
    [['ENETUNREACH', 'ENETUNREACH'], 'connection-refused'],
  ] as const)
    assert.equal(connectFailure(addresses(...codes), 'tcp'), reason, codes.join(' '));
});

test('a connection that ends later is a reset before the head, a cut after it', () => {
  for (const code of ['ECONNRESET', 'EPIPE', 'CONNECTION_GONE', 'ETIMEDOUT', 'EHOSTUNREACH']) {
    assert.equal(transportFailure(error(code), false), 'connection-reset');
    assert.equal(transportFailure(error(code), true), 'stream-cut');
  }
});

test('what is not known is a mistake of ours', () => {
  assert.equal(transportFailure(new TypeError('x is undefined'), false), 'internal');
  assert.equal(transportFailure(error('ERR_INVALID_ARG_TYPE'), false), 'internal');
});

test('errors are described by their code', () => {
  assert.equal(describeError(error('EPIPE')), 'EPIPE: went wrong');
  assert.equal(
    describeError(Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' })),
    'connect ECONNREFUSED 127.0.0.1:1',
  );
});
