import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { RunnerEventLine } from '../../../../src/contract/protocol/runner.ts';
import { createRunView } from '../../../../src/runner/terminal/run-view.ts';
import { createTerminal } from '../../../../src/runner/terminal/terminal.ts';
import { fakeTerminal } from '../../../helpers/fake-terminal.ts';
import { finishedRun, healthySnapshot, started } from '../../../helpers/run-events.ts';

const snapshot = (atMs: number, changes: Parameters<typeof healthySnapshot>[0] = {}): RunnerEventLine => ({
  event: 'snapshot',
  data: healthySnapshot({ atMs, ...changes }),
});

test('plain lines: the beginning, each stage, progress every five seconds, warnings at once, a summary', () => {
  const terminal = fakeTerminal();
  const view = createRunView('plain', terminal);
  view.onEvent(started());
  view.onEvent({ event: 'stage.started', data: { name: 'steady', index: 0, count: 1, atMs: 200 } });
  for (let atMs = 250; atMs <= 12_000; atMs += 250) view.onEvent(snapshot(atMs));
  view.onEvent({ event: 'log', data: { level: 'info', message: 'not worth a line', atMs: 12_000 } });
  view.onEvent({ event: 'log', data: { level: 'warning', message: 'worth one', atMs: 12_000 } });
  view.onEvent({ event: 'run.finished', data: finishedRun() });
  assert.deepEqual(terminal.out().split('\n').slice(0, 6), [
    'quickstart: demo (simulator) with prompts, 1 stage',
    '   0:00  stage 1 of 1: steady',
    '   0:05  61 %, steady, 52 rps of 50 rps, 83 in flight, 529 ok, ttft p95 286 ms, itl p95 24.9 ms',
    '   0:10  61 %, steady, 52 rps of 50 rps, 83 in flight, 529 ok, ttft p95 286 ms, itl p95 24.9 ms',
    '   0:12  warning: worth one',
    '',
  ]);
  assert.match(terminal.out(), /PASSED: all 3 service levels met/);
  assert.equal(terminal.error(), '');
});

test('plain lines tell of trouble in the same line', () => {
  const terminal = fakeTerminal();
  const view = createRunView('plain', terminal);
  view.onEvent(started());
  view.onEvent(
    snapshot(5_000, {
      validity: 'suspect',
      total: { failed: 3, dropped: 2, byReason: { 'rate-limited': 3 } },
      sla: [{ index: 0, actual: 812, verdict: 'breached' }],
    }),
  );
  assert.match(
    terminal.out(),
    /3 failed \(rate-limited ×3\), 2 dropped,.*1 SLA breached so far, measurement suspect\n$/,
  );
});

test('plain lines say once why a run stops, though the log has it too', () => {
  const terminal = fakeTerminal();
  const view = createRunView('plain', terminal);
  view.onEvent(started());
  view.onEvent(snapshot(5_000));
  const message = 'The record cannot be written any more.';
  view.onEvent({ event: 'stopping', data: { why: 'disk-full', message, drainMs: 0 } });
  view.onEvent({ event: 'log', data: { level: 'error', message, atMs: 5_000 } });
  assert.equal(terminal.out().split(message).length, 2);
});

test('json lines are the events as they are, with nothing in them that a terminal would obey', () => {
  const terminal = fakeTerminal();
  const hostile = '\u009b2J\u007f\u2028\u001b[0m';
  const line: RunnerEventLine = { event: 'log', data: { level: 'warning', message: hostile, atMs: 1 } };
  createRunView('json', terminal).onEvent(line);
  assert.deepEqual(JSON.parse(terminal.out()), line);
  // oxlint-disable-next-line no-control-regex -- they must not be there
  assert.doesNotMatch(terminal.out().trimEnd(), /[\u0000-\u001f\u007f-\u009f\u2028]/);
});

test('the table draws over itself, begins anew when the terminal changes its size, and leaves nothing behind', () => {
  const terminal = fakeTerminal({ isInteractive: true });
  const view = createRunView('table', terminal);
  view.onEvent(started());
  view.onEvent(snapshot(250));
  const drawn = terminal.out().length;
  terminal.stream.emit('resize');
  assert.ok(terminal.out().slice(drawn).startsWith('\u001b[H\u001b[2J'));
  assert.match(terminal.out().slice(drawn), /stage 1 of 1: steady/);
  view.note('Stopping: no new requests.');
  assert.match(terminal.out(), /Stopping: no new requests\./);
  view.dispose();
  assert.equal(terminal.stream.listenerCount('resize'), 0);
});

test('before there is anything of the run, the table says what is waited for, and draws over it', () => {
  const terminal = fakeTerminal({ isInteractive: true });
  const view = createRunView('table', terminal);
  view.wait?.('Getting ready.');
  assert.match(terminal.out(), /Getting ready\./);
  view.note('Stopping before anything is sent.');
  assert.match(terminal.out(), /Stopping before anything is sent\./);
  const drawn = terminal.out().length;
  view.onEvent(started());
  view.onEvent(snapshot(250));
  assert.doesNotMatch(terminal.out().slice(drawn), /Getting ready/);
  view.dispose();
  assert.equal(createRunView('plain', terminal).wait, undefined);
});

test('a stage that drains asks for nothing', () => {
  const terminal = fakeTerminal({ isInteractive: true });
  const view = createRunView('table', terminal);
  view.onEvent(started());
  view.onEvent(snapshot(250, { stage: { kind: 'drain', name: 'drain' } }));
  assert.match(terminal.out(), /load +no new requests +83 in flight/);
});

test('a stream that nobody reads any more ends the output, and throws nothing', () => {
  const written: string[] = [];
  const stream = Object.assign(new EventEmitter(), {
    write: (text: string) => written.push(text) > 0,
    isTTY: false,
  }) as unknown as NodeJS.WriteStream;
  const terminal = createTerminal({ out: stream, error: stream, environment: {}, showPath: (path) => path });
  terminal.writeOut('one');
  stream.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  terminal.writeOut('two');
  assert.deepEqual(written, ['one']);
});
