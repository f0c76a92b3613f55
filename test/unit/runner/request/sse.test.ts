import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_EVENT_BYTES, SseFramer } from '../../../../src/runner/request/sse.ts';

interface Event {
  readonly name: string;
  readonly data: string;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Feeds the pieces as separate reads, each overwritten once it has been read, as the socket's buffer is. */
function frame(pieces: readonly Uint8Array[]): Event[] {
  const framer = new SseFramer();
  const events: Event[] = [];
  for (const piece of pieces) {
    const bytes = piece.slice();
    for (let at = 0; at < bytes.length;) {
      at = framer.advance(bytes, at);
      if (framer.hasEvent) events.push({ name: framer.name, data: framer.data() });
      if (framer.isTooLarge) return events;
    }
    bytes.fill(88);
  }
  if (framer.finish()) events.push({ name: framer.name, data: framer.data() });
  return events;
}

/** The standard's algorithm on the whole text, as plainly as it can be written. */
function frameWhole(bytes: Uint8Array): Event[] {
  const text = new TextDecoder('utf-8').decode(bytes);
  const events: Event[] = [];
  let data: string[] = [];
  let name = '';
  for (const line of [...text.split(/\r\n|\r|\n/), '']) {
    if (line === '') {
      if (data.length > 0) events.push({ name, data: data.join('\n') });
      data = [];
      name = '';
      continue;
    }
    const [, field = '', value = ''] = /^([^:]*)(?::\x20?([^]*))?$/.exec(line) ?? [];
    if (field === 'data') data.push(value);
    if (field === 'event') name = value;
  }
  return events;
}

const STREAMS: Record<string, { text: string; events: Event[] }> = {
  'events end with LF LF': {
    text: 'data: one\n\ndata: two\n\n',
    events: [
      { name: '', data: 'one' },
      { name: '', data: 'two' },
    ],
  },
  'events end with CRLF CRLF': {
    text: 'data: one\r\n\r\ndata: two\r\n\r\n',
    events: [
      { name: '', data: 'one' },
      { name: '', data: 'two' },
    ],
  },
  'events end with CR CR': {
    text: 'data: one\r\rdata: two\r\r',
    events: [
      { name: '', data: 'one' },
      { name: '', data: 'two' },
    ],
  },
  'line ends of all kinds in one stream': {
    text: 'data: one\r\n\ndata: two\n\r\ndata: three\r\r\ndata: four\n\r',
    events: ['one', 'two', 'three', 'four'].map((data) => ({ name: '', data })),
  },
  'data without a space after the colon': { text: 'data:{"a":1}\n\n', events: [{ name: '', data: '{"a":1}' }] },
  'only one space is taken off, and none at the end': {
    text: 'data:   padded  \n\n',
    events: [{ name: '', data: '  padded  ' }],
  },
  'comments are no events': { text: ': ping\n\n:\n\ndata: x\n: inside\n\n', events: [{ name: '', data: 'x' }] },
  'data lines join with LF': {
    text: 'data: {"a":\ndata:  1}\ndata\n\n',
    events: [{ name: '', data: '{"a":\n 1}\n' }],
  },
  'the event field names the event, once': {
    text: 'event: error\ndata: x\nid: 7\nretry: 10\n\ndata: y\n\n',
    events: [
      { name: 'error', data: 'x' },
      { name: '', data: 'y' },
    ],
  },
  'a byte order mark at the start is not data': { text: '\uFEFFdata: x\n\n', events: [{ name: '', data: 'x' }] },
  'a byte order mark inside data is data': { text: 'data: \uFEFFx\n\n', events: [{ name: '', data: '\uFEFFx' }] },
  'text beyond ASCII': { text: 'data: 你好 👋🏽 é\n\n', events: [{ name: '', data: '你好 👋🏽 é' }] },
  'the last event lacks its blank line': {
    text: 'data: x\n\ndata: [DONE]\n',
    events: [
      { name: '', data: 'x' },
      { name: '', data: '[DONE]' },
    ],
  },
  'the last event lacks its line end': { text: 'data: [DONE]', events: [{ name: '', data: '[DONE]' }] },
  'an empty data field is an event with empty data': { text: 'data:\n\n', events: [{ name: '', data: '' }] },
  'a name without data is no event': { text: 'event: ping\n\ndata: x\n\n', events: [{ name: '', data: 'x' }] },
};

for (const [name, { text, events }] of Object.entries(STREAMS)) {
  test(`${name}; whole, cut at every byte, and byte by byte`, () => {
    const bytes = encode(text);
    assert.deepEqual(frameWhole(bytes), events, 'the naive reading agrees');
    assert.deepEqual(frame([bytes]), events);
    assert.deepEqual(frame([...bytes].map((byte) => Uint8Array.of(byte))), events);
    for (let cut = 0; cut <= bytes.length; cut += 1)
      assert.deepEqual(frame([bytes.subarray(0, cut), bytes.subarray(cut)]), events, `cut at ${cut}`);
  });
}

test('reads any text as the standard does, however it is cut', () => {
  const line = fc.oneof(
    fc.constantFrom(
      'data: ',
      'data:',
      'data',
      'event: e',
      'id: 1',
      ': c',
      '',
      '\uFEFF',
      'x',
      '{"a":"b"}',
      ' ',
      'é',
      '👋',
    ),
    fc.string({ maxLength: 5, unit: 'binary' }),
  );
  const text = fc
    .array(fc.tuple(fc.array(line, { maxLength: 3 }), fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\r\n\r\n')))
    .map((lines) => lines.map(([parts, end]) => parts.join('') + end).join(''));
  fc.assert(
    fc.property(text, fc.array(fc.nat({ max: 200 })), (whole, cuts) => {
      const bytes = encode(whole);
      const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].toSorted((a, b) => a - b);
      const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
      assert.deepEqual(frame(pieces), frameWhole(bytes));
    }),
    { numRuns: 500 },
  );
});

test('bytes that are not UTF-8 become replacement characters, and nothing else is lost', () => {
  const bytes = Uint8Array.of(...encode('data: a'), 0xff, 0xc3, ...encode('b\n\n'));
  assert.deepEqual(frame([bytes]), [{ name: '', data: 'a\uFFFD\uFFFDb' }]);
});

test('a line without end is given up at the limit, whatever the size of reads', () => {
  const framer = new SseFramer();
  const read = new Uint8Array(64 * 1024).fill(97);
  let reads = 0;
  for (; !framer.isTooLarge && reads < 100; reads += 1) framer.advance(read, 0);
  assert.equal(reads, MAX_EVENT_BYTES / read.length + 1);
});

test('many data lines are given up at the limit too', () => {
  const framer = new SseFramer();
  const read = encode(`data: ${'x'.repeat(1000)}\n`.repeat(60));
  let reads = 0;
  for (; !framer.isTooLarge && reads < 100; reads += 1) framer.advance(read, 0);
  assert.ok(reads < 20, `${reads} reads`);
});

test('tells the first field the standard does not know', () => {
  const framer = new SseFramer();
  const bytes = encode('id: 1\nerror: {"code":500}\nother: x\n\n');
  for (let at = 0; at < bytes.length;) at = framer.advance(bytes, at);
  assert.deepEqual(framer.unknownField, { name: 'error', value: '{"code":500}' });
});
