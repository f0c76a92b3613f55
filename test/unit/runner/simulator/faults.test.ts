import { after, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { drawFault, type FaultKind } from '../../../../src/runner/simulator/faults.ts';
import { parseSimulatorOptions } from '../../../../src/runner/simulator/options.ts';
import { startSimulatorServer, type SimulatorServer } from '../../../../src/runner/simulator/server.ts';

const FAST = { 'first-token': '5ms', 'inter-token': '1ms', output: '4 tokens', 'cut-after': '2 tokens' };

const servers: SimulatorServer[] = [];
after(() => Promise.all(servers.map((server) => server.stop())));

/** What a client of a simulator with this fault sees of one request. */
async function ask(
  texts: Record<string, string>,
  body: object = { stream: true },
): Promise<{
  readonly response?: Response;
  readonly text: string;
  readonly error?: string;
  readonly tookMs: number;
}> {
  const server = await startSimulatorServer({ options: parseSimulatorOptions({ ...FAST, ...texts }), seed: 1 });
  servers.push(server);
  const startMs = performance.now();
  let response: Response | undefined;
  let text = '';
  let error: string | undefined;
  try {
    response = await fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }], ...body }),
    });
    const decoder = new TextDecoder();
    for await (const part of response.body ?? []) text += decoder.decode(part, { stream: true });
  } catch (thrown) {
    error = String((thrown as Error).cause ?? thrown);
  }
  return {
    ...(response === undefined ? {} : { response }),
    text,
    ...(error === undefined ? {} : { error }),
    tookMs: performance.now() - startMs,
  };
}

const tokensIn = (text: string): number => text.match(/"content":" ?[a-z]+"/g)?.length ?? 0;

describe('a fault of the simulator', () => {
  const statuses = [
    ['fault-429', 429, '2'],
    ['fault-500', 500, null],
    ['fault-503', 503, '2'],
  ] as const;
  for (const [name, status, retryAfter] of statuses)
    it(`${name} is answered with ${status}, an error object and Retry-After where it belongs`, async () => {
      const { response, text } = await ask({ [name]: '100 %', 'retry-after': '1.5s' });
      assert.equal(response?.status, status);
      assert.equal(response.headers.get('retry-after'), retryAfter);
      assert.equal((JSON.parse(text) as { error: { code: number } }).error.code, status);
    });

  it('fault-reset: the connection is reset before any header', async () => {
    const { response, error } = await ask({ 'fault-reset': '100 %' });
    assert.equal(response, undefined);
    assert.match(error ?? '', /ECONNRESET|socket|closed/i);
  });

  it('fault-cut: it is reset in the middle of the answer', async () => {
    const { response, text, error } = await ask({ 'fault-cut': '100 %' });
    assert.equal(response?.status, 200);
    assert.notEqual(error, undefined);
    assert.ok(tokensIn(text) <= 2 && !text.includes('[DONE]'), text);
  });

  it('fault-stall: everything comes, after a pause', async () => {
    const { text, tookMs } = await ask({ 'fault-stall': '100 %', 'stall-for': '150ms' });
    assert.equal(tokensIn(text), 4);
    assert.match(text, /\[DONE\]/);
    assert.ok(tookMs > 150, `${tookMs} ms`);
  });

  it('fault-slow-headers: nothing comes for a while, then everything', async () => {
    const { text, tookMs } = await ask({ 'fault-slow-headers': '100 %', 'headers-after': '150ms' });
    assert.equal(tokensIn(text), 4);
    assert.ok(tookMs > 150, `${tookMs} ms`);
  });

  it('fault-malformed: one event is not JSON, the others are', async () => {
    const { text } = await ask({ 'fault-malformed': '100 %' });
    const broken = text.split('\n\n').filter((event) => {
      if (event === '' || event === 'data: [DONE]') return false;
      try {
        JSON.parse(event.slice('data: '.length));
        return false;
      } catch {
        return true;
      }
    });
    assert.equal(broken.length, 1);
    assert.equal(tokensIn(text), 4);
    const whole = await ask({ 'fault-malformed': '100 %' }, {});
    assert.throws(() => JSON.parse(whole.text) as unknown, SyntaxError);
  });

  it('fault-no-done: the stream ends in order, without a finish reason and [DONE]', async () => {
    const { text, error } = await ask({ 'fault-no-done': '100 %' });
    assert.equal(error, undefined);
    assert.equal(tokensIn(text), 4);
    assert.doesNotMatch(text, /DONE|"finish_reason":"/);
  });

  it('fault-stream-error: an error object ends the stream', async () => {
    const { text } = await ask({ 'fault-stream-error': '100 %' });
    assert.match(text, /data: \{"error":\{"message"[^]*\[DONE\]/);
    assert.equal(tokensIn(text), 2);
    assert.equal((await ask({ 'fault-stream-error': '100 %' }, {})).response?.status, 500);
  });
});

describe('drawFault', () => {
  const { faults } = parseSimulatorOptions({ 'fault-429': '10 %', 'fault-cut': '5 %' });
  assert.ok(faults);
  const draw = (seed: number): (FaultKind | undefined)[] =>
    Array.from({ length: 10_000 }, (_, number) => drawFault(faults, seed, number)?.kind);

  it('gives each fault its share, the same to the same request', () => {
    const drawn = draw(1);
    const count = (kind: FaultKind): number => drawn.filter((each) => each === kind).length;
    // Four standard deviations of a binomial count.
    assert.ok(Math.abs(count('too-many') - 1_000) < 4 * 30, `${count('too-many')}`);
    assert.ok(Math.abs(count('cut') - 500) < 4 * 22, `${count('cut')}`);
    assert.deepEqual(drawn, draw(1));
    assert.notDeepEqual(drawn, draw(2));
  });
});
