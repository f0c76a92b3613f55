/**
 * A runner process for tests of its host: it speaks the protocol and behaves as FAKE_RUNNER says. Started with `fork`.
 * It has no engine: what it sends is fixed.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RunError } from '../../src/contract/errors.ts';
import { Channel } from '../../src/contract/protocol/channel.ts';
import type { RunFinished, RunnerEvents, RunnerRequests, StartParams } from '../../src/contract/protocol/runner.ts';
import { makeSnapshot } from './make-snapshot.ts';

type NoMessages = Record<string, never>;
type Behaviour =
  | 'finishes'
  | 'runs'
  | 'refuses'
  | 'refuses-rates'
  | 'dies-at-start'
  | 'dies-while-running'
  | 'says-nothing'
  | 'speaks-version-99'
  | 'echoes-secrets';

const behaviour = (process.env['FAKE_RUNNER'] ?? 'runs') as Behaviour;
const directory = process.env['FAKE_RUNNER_DIRECTORY'] ?? process.cwd();
const channel = new Channel<RunnerRequests, NoMessages, RunnerEvents, NoMessages>({
  post: (message) => void process.send?.(message),
  onMessage: (listener) => {
    process.on('message', listener);
    return () => process.off('message', listener);
  },
});
process.on('disconnect', () => process.exit(0));

if (behaviour === 'dies-at-start') {
  process.stderr.write('SyntaxError: this Node cannot read the runner\n');
  process.exit(7);
}

channel.handle('hello', () =>
  behaviour === 'says-nothing'
    ? new Promise(() => undefined)
    : {
        protocolVersion: behaviour === 'speaks-version-99' ? 99 : 1,
        version: '0.0.0-fake',
        node: process.versions.node,
        pid: process.pid,
      },
);

channel.handle('start', (params) => {
  const { plan, secrets } = params as StartParams;
  if (behaviour === 'refuses') {
    const error = new RunError('RUN_BACKEND_UNREACHABLE', 'Nothing listens on http://127.0.0.1:1.', {
      hint: 'Start the server.',
    });
    channel.send('run.failed', { error: error.toData() });
    throw error;
  }
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, 'requests.jsonl'), '');
  const runId = 'fake-run';
  setImmediate(() => {
    channel.send('run.started', { runId, directory, startedAt: '2026-11-21T10:00:00.000Z', plan });
    if (behaviour === 'echoes-secrets')
      channel.send('log', { level: 'info', message: JSON.stringify(secrets), atMs: 0 });
    channel.send('snapshot', makeSnapshot({ sequence: 1, atMs: 250, total: { ok: 3 } }));
    if (behaviour === 'dies-while-running') process.kill(process.pid, 'SIGKILL');
    if (behaviour === 'finishes' || behaviour === 'echoes-secrets') finish('passed');
  });
  return { runId, directory };
});
channel.handle('stop', () => {
  channel.send('stopping', { why: 'user-stop', message: 'Draining 3 requests', drainMs: 1000 });
  setImmediate(() => finish('passed'));
  return {};
});
/** The factor asked for is that of the next snapshot. */
let snapshots = 1;
channel.handle('setRate', (wish) => {
  if (behaviour === 'refuses-rates') return { refused: 'There is no load to change.' };
  const { factor } = wish as { factor: number };
  channel.send('snapshot', makeSnapshot({ sequence: ++snapshots, atMs: snapshots * 250, rateFactor: factor }));
  return { factor, atMs: 100 };
});
channel.handle('abort', () => {
  setImmediate(() => finish('aborted'));
  return {};
});

function finish(outcome: RunFinished['outcome']): void {
  channel.send('run.finished', {
    runId: 'fake-run',
    directory,
    outcome,
    exitCode: outcome === 'passed' ? 0 : 3,
    sla: [],
    validity: { verdict: 'valid', reasons: [] },
    requests: {
      ...{ due: 3, sent: 3, succeeded: 3, failed: 0, timedOut: 0, abandoned: 0, dropped: 0, censored: 0 },
      byReason: {},
    },
    metrics: {},
    durationMs: 250,
    files: { json: path.join(directory, 'report.json') },
  });
}
