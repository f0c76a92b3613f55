import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { listenToInterrupts } from '../../../../src/runner/cli/interrupts.ts';
import { INTERRUPT_MESSAGE } from '../../../../src/runner/cli/launcher-message.ts';

function steps(...events: readonly (readonly [string, ...unknown[]])[]): readonly string[] {
  const source = new EventEmitter();
  const taken: string[] = [];
  const stop = listenToInterrupts(source, (step) => taken.push(step));
  for (const [event, ...details] of events) source.emit(event, ...details);
  stop();
  assert.deepEqual(source.eventNames(), []);
  return taken;
}

const relayed = (signal: string): readonly [string, unknown] => ['message', { [INTERRUPT_MESSAGE]: signal }];

test('Ctrl-C stops, then cuts, then leaves', () => {
  assert.deepEqual(steps(['SIGINT']), ['stop']);
  assert.deepEqual(steps(['SIGINT'], ['SIGINT']), ['stop', 'abort']);
  assert.deepEqual(steps(['SIGINT'], ['SIGINT'], ['SIGINT']), ['stop', 'abort', 'leave']);
});

test('one Ctrl-C that arrives as a signal and through the launcher counts once', () => {
  assert.deepEqual(steps(['SIGINT'], relayed('SIGINT')), ['stop']);
  assert.deepEqual(steps(relayed('SIGINT'), ['SIGINT'], ['SIGINT'], relayed('SIGINT')), ['stop', 'abort']);
});

test('a signal sent to the launcher alone counts all the same', () => {
  assert.deepEqual(steps(relayed('SIGINT'), relayed('SIGINT')), ['stop', 'abort']);
});

test('SIGTERM and SIGHUP cut at once; a second one leaves', () => {
  assert.deepEqual(steps(['SIGTERM']), ['abort']);
  assert.deepEqual(steps(['SIGHUP']), ['abort']);
  assert.deepEqual(steps(['SIGINT'], ['SIGTERM']), ['stop', 'abort']);
  assert.deepEqual(steps(['SIGTERM'], relayed('SIGTERM')), ['abort']);
  assert.deepEqual(steps(['SIGTERM'], ['SIGTERM']), ['abort', 'leave']);
});

test('a launcher that is gone ends the run, once', () => {
  assert.deepEqual(steps(['disconnect']), ['abort']);
  assert.deepEqual(steps(relayed('SIGTERM'), ['disconnect']), ['abort']);
});

test('whoever listens hears that nobody is left who asked', () => {
  const heard: boolean[] = [];
  const source = new EventEmitter();
  const stop = listenToInterrupts(source, (_, isAlone) => heard.push(isAlone));
  source.emit('SIGINT');
  source.emit('disconnect');
  stop();
  assert.deepEqual(heard, [false, true]);
});

test('messages that are not the launcher’s are none of its business', () => {
  assert.deepEqual(steps(['message', { hello: 1 }], ['message', null], ['message', 'SIGINT']), []);
});
