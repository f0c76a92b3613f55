import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { ReadBacklog, type ReadHandler } from '../../../../src/runner/platform/read-backlog.ts';

/** A backlog whose turns are taken by hand, and what its handlers were told. */
function backlog(): {
  reads: ReadBacklog;
  told: string[];
  handler: (name: string, onRead?: () => void) => ReadHandler;
  put: (handler: ReadHandler, text: string, readAtMs?: number) => void;
  turn: () => void;
  turnsPlanned: () => number;
} {
  const turns: (() => void)[] = [];
  const told: string[] = [];
  const reads = new ReadBacklog((callback) => void turns.push(callback));
  return {
    reads,
    told,
    handler: (name, onRead = () => {}) => ({
      handleRead(bytes, start, end, readAtMs) {
        const text = bytes.toString('latin1', start, end);
        told.push(`${name} ${readAtMs} ${text.length > 40 ? text.length : text}`);
        onRead();
      },
    }),
    put(handler, text, readAtMs = 0) {
      reads.buffer.write(text, 0, 'latin1');
      reads.put(handler, Buffer.byteLength(text, 'latin1'), readAtMs);
    },
    turn: () => turns.shift()?.(),
    turnsPlanned: () => turns.length,
  };
}

describe('reads that wait', () => {
  it('are looked at in a turn of their own, in their order, with their stamps and their bytes', () => {
    const { told, handler, put, turn, turnsPlanned } = backlog();
    const [one, other] = [handler('one'), handler('other')];
    put(one, 'first', 1);
    put(other, 'second', 2);
    put(one, 'third', 3);
    assert.deepEqual(told, []);
    assert.equal(turnsPlanned(), 1);
    turn();
    assert.deepEqual(told, ['one 1 first', 'other 2 second', 'one 3 third']);
    assert.equal(turnsPlanned(), 0);
  });

  it('are looked at a few at a time, so that other reads get their stamps between', () => {
    const { told, handler, put, turn, turnsPlanned } = backlog();
    const one = handler('one');
    for (let number = 0; number < 40; number += 1) put(one, String(number), number);
    const seen: number[] = [];
    while (turnsPlanned() > 0) {
      turn();
      seen.push(told.length);
    }
    assert.deepEqual(seen, [16, 32, 40]);
    assert.equal(told.at(-1), 'one 39 39');
  });

  it('are looked at before a large one, which is not copied', () => {
    const { told, handler, put, turn } = backlog();
    const one = handler('one');
    put(one, 'small', 1);
    put(one, 'x'.repeat(5_000), 2);
    assert.deepEqual(told, ['one 1 small', 'one 2 5000']);
    turn();
    assert.equal(told.length, 2);
  });

  it('are all looked at when somebody needs to know, but not by who is looking at one', () => {
    const { reads, told, handler, put } = backlog();
    const curious = handler('curious', () => {
      reads.handleAll();
      told.push('done');
    });
    put(curious, 'a', 1);
    put(curious, 'b', 2);
    reads.handleAll();
    assert.deepEqual(told, ['curious 1 a', 'done', 'curious 2 b', 'done']);
  });

  it('have room for as many as there are', () => {
    const { told, handler, put, turn, turnsPlanned } = backlog();
    const one = handler('one');
    const text = 'y'.repeat(4_000);
    for (let number = 0; number < 20_000; number += 1) put(one, number % 2 === 0 ? text : 'z', number);
    while (turnsPlanned() > 0) turn();
    assert.equal(told.length, 20_000);
    assert.deepEqual(
      told.map((line) => line.split(' ')[1]),
      Array.from({ length: 20_000 }, (_, number) => String(number)),
    );
  });

  it('survive a handler that breaks', () => {
    const { told, handler, put, turn } = backlog();
    const broken = handler('broken', () => {
      throw new Error('a bug');
    });
    put(broken, 'a');
    put(handler('whole'), 'b');
    assert.throws(turn, /a bug/);
    put(handler('later'), 'c');
    turn();
    assert.deepEqual(told, ['broken 0 a', 'whole 0 b', 'later 0 c']);
  });
});
