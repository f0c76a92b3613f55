import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeKeyboard, type FakeKeyboard } from '../../../helpers/fake-keyboard.ts';

interface Heard {
  readonly keyboard: FakeKeyboard;
  /** Keys, and `held` or `let go`. */
  readonly heard: readonly string[];
  readonly stop: () => void;
}

function listening(options: Parameters<typeof fakeKeyboard>[0] = {}): Heard {
  const keyboard = fakeKeyboard(options);
  const heard: string[] = [];
  const stop = keyboard.listen({
    onKey: (key) => heard.push(key),
    onHeld: (isHeld) => heard.push(isHeld ? 'held' : 'let go'),
  });
  return { keyboard, heard, stop };
}

test('keys arrive one by one, and the terminal is as it was afterwards', () => {
  const { keyboard, heard, stop } = listening();
  keyboard.type('+');
  keyboard.type('-=');
  stop();
  keyboard.type('+');
  stop();
  assert.deepEqual(heard, ['held', '+', '-', '=']);
  assert.deepEqual(keyboard.deeds, ['raw', 'reading', 'paused', 'cooked']);
});

test('what an arrow or a function key is made of is no key', () => {
  const { keyboard, heard } = listening();
  keyboard.type('\u001b[A+\u001b[20~\u001bOP\u001b[1;5C\u001b');
  assert.deepEqual(heard, ['held', '+']);
});

test('Ctrl-C is raised as the signal that it would have been, each time, and keys go on', () => {
  const { keyboard, heard } = listening();
  keyboard.type('\u0003\u0003+');
  assert.deepEqual(keyboard.deeds, ['raw', 'reading', 'SIGINT', 'SIGINT']);
  assert.deepEqual(heard, ['held', '+']);
});

test('at Ctrl-Z the terminal is given back first; who comes back has the keys again', () => {
  const { keyboard, heard, stop } = listening();
  keyboard.type('\u001a+');
  stop();
  assert.deepEqual(heard, ['held', 'let go', 'held', '+']);
  const held = ['raw', 'reading', 'paused', 'cooked'];
  assert.deepEqual(keyboard.deeds, [...held, 'SIGTSTP', ...held]);
});

test('Ctrl-\\ quits with the terminal as it was', () => {
  const { keyboard } = listening();
  keyboard.type('\u001c');
  assert.deepEqual(keyboard.deeds, ['raw', 'reading', 'paused', 'cooked', 'SIGQUIT']);
});

test('who was stopped from outside sets the terminal anew: the shell has changed it', () => {
  const { keyboard, heard, stop } = listening();
  keyboard.goOn('foreground');
  keyboard.type('+');
  stop();
  assert.deepEqual(heard, ['held', 'held', '+']);
  const held = ['raw', 'reading', 'paused', 'cooked'];
  assert.deepEqual(keyboard.deeds, [...held, ...held]);
});

test('a job in the background leaves the terminal alone', () => {
  const { keyboard, heard, stop } = listening({ isInBackground: true });
  keyboard.goOn('background');
  assert.deepEqual([heard, keyboard.deeds], [[], []]);
  keyboard.goOn('foreground');
  keyboard.goOn('background');
  stop();
  assert.deepEqual(heard, ['held', 'let go']);
  assert.deepEqual(keyboard.deeds, ['raw', 'reading', 'paused'], 'its mode is the shell’s business by then');
});

test('without a terminal nothing is touched', () => {
  const { keyboard, heard, stop } = listening({ isTTY: false });
  keyboard.goOn('foreground');
  stop();
  assert.deepEqual([heard, keyboard.deeds], [[], []]);
});

test('a terminal that is gone is no error, however often it was listened to', () => {
  const { keyboard, stop } = listening();
  keyboard.hangUp();
  stop();
  keyboard.listen({ onKey: () => {}, onHeld: () => {} })();
  keyboard.hangUp();
});
