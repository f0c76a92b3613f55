/** What to do about a failure, by its reason. */
import type { FailureReason } from '../../contract/outcome.ts';

interface Advice {
  readonly now: string;
  readonly next: string;
}

export const FAILURE_ADVICE: Readonly<Record<FailureReason, Advice>> = {
  'dns-failed': {
    now: 'Check the host name in the backend’s `url`.',
    next: 'Use an address, or a resolver that this machine reaches.',
  },
  'connection-refused': {
    now: 'Check that the server still runs and listens on this port.',
    next: 'If it refuses only under load, raise its backlog (`somaxconn`) or its limit on connections.',
  },
  'connection-reset': {
    now: 'Look in the server’s log for crashes and restarts at that time.',
    next: 'Compare its idle timeout with the time between requests: a server that closes kept-alive connections resets them.',
  },
  'tls-failed': {
    now: 'Check the server’s certificate and its name.',
    next: 'Measure over plain HTTP inside a trusted network.',
  },
  'connect-timeout': {
    now: 'Check the network path and firewall to the server.',
    next: 'Raise `timeout connect` only if the path is known to be slow.',
  },
  'first-token-timeout': {
    now: 'Ask for less load: requests waited in the server’s queue until they timed out.',
    next: 'Look at the server’s queue depth and at prompt lengths; prefill may be what is slow.',
  },
  'between-tokens-timeout': {
    now: 'Look in the server’s log for preemption or stalls at that time.',
    next: 'Check whether the KV cache is full: preempted requests stand still.',
  },
  'total-timeout': {
    now: 'Compare output lengths times the time per token with `timeout total`.',
    next: 'Limit output lengths, or allow more time.',
  },
  'http-status': {
    now: 'Read what the server says about it below, and its log at that time.',
    next: 'If it appears only under load, find the rate at which it begins.',
  },
  'rate-limited': {
    now: 'Stay below the endpoint’s rate limit, or ask for a higher one.',
    next: 'Measure below the limit: above it, the limiter is measured and not the model.',
  },
  unauthorized: {
    now: 'Check the key the scenario names and that it is allowed this model.',
    next: 'Check when the key expires.',
  },
  'not-found': { now: 'Check the path in `url` and the model’s name.', next: 'List the models the endpoint offers.' },
  'wrong-content': {
    now: 'Check that `url` leads to the API and not to a proxy’s or login page.',
    next: 'Choose the protocol that the server speaks.',
  },
  'malformed-stream': {
    now: 'Keep one such answer and compare it with the protocol.',
    next: 'Report it to the server’s authors; a proxy in between may also cut events.',
  },
  'error-in-stream': {
    now: 'Read what the server says about it below.',
    next: 'If it appears only under load, find the rate at which it begins.',
  },
  'stream-cut': {
    now: 'Look in the server’s log for crashes, and for time limits of proxies in between.',
    next: 'Measure without the proxy.',
  },
  'empty-answer': {
    now: 'Try one such prompt by hand: a stop sequence or a content filter may end the answer at once.',
    next: 'Choose prompts that the model answers.',
  },
  'too-large': { now: 'Limit output lengths.', next: 'Check the server for runaway answers.' },
  'out-of-sockets': {
    now: 'Raise the limit on open files (`ulimit -n`), or widen the range of ephemeral ports.',
    next: 'Keep connections open; use fewer of them.',
  },
  internal: { now: 'Read run.log, and report the mistake.', next: 'Run again with one worker to narrow it down.' },
};
