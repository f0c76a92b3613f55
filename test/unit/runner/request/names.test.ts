/** A name that leads elsewhere in the middle of a run, to several addresses, or nowhere: real sockets, a resolver of our own. */
import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { createNameLookup, type NameLookup } from '../../../../src/runner/platform/name-lookup.ts';
import { startRawServer, type RawServer } from '../../../helpers/raw-server.ts';
import { answerWell, openRequestBench, until, type RequestBench } from '../../../helpers/request-bench.ts';

const [HERE, THERE, NOBODY] = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
const failing = (code: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`getaddrinfo ${code} engine.test`), {
    code,
    syscall: 'getaddrinfo',
    hostname: 'engine.test',
  });

/** What the resolver says now; `nothing`: it does not answer. */
interface Resolver {
  says: readonly string[] | NodeJS.ErrnoException | 'nothing';
  asked: number;
}

interface NamedBench extends RequestBench {
  readonly resolver: Resolver;
  readonly here: RawServer;
  readonly there: RawServer;
  /** So many requests at once, all on connections of their own; how each ended. */
  crowd(count: number): Promise<readonly string[]>;
}

/** Two servers on one port of two addresses, and a name for them that leads where the resolver says. */
async function namedBench(t: TestContext, says: Resolver['says'], timeouts = {}): Promise<NamedBench> {
  const here = await startRawServer(answerWell, { host: HERE });
  const there = await startRawServer(answerWell, { host: THERE, port: here.port });
  const resolver: Resolver = { says, asked: 0 };
  const ask: NameLookup = (_hostname, _options, done) => {
    resolver.asked++;
    const { says: answer } = resolver;
    if (answer === 'nothing') return;
    queueMicrotask(() => {
      if (answer instanceof Error) done(answer, []);
      else
        done(
          null,
          answer.map((address) => ({ address, family: 4 })),
        );
    });
  };
  const opened = await openRequestBench(() => {}, {
    url: `http://engine.test:${here.port}`,
    lookup: createNameLookup(ask, () => true),
    timeouts,
  });
  t.after(() => Promise.all([opened.close(), here.close(), there.close()]));
  const crowd = async (count: number): Promise<readonly string[]> => {
    const records = await Promise.all(Array.from({ length: count }, () => opened.request()));
    return records.map(({ outcome, reason = outcome }) => reason);
  };
  return { ...opened, resolver, here, there, crowd };
}

const all = (count: number, end: string): string[] => Array.from({ length: count }, () => end);

describe('a name that changes while the run goes on', () => {
  test('connections opened from then on go there; those that are open stay where they are', async (t) => {
    const { client, crowd, resolver, here, there } = await namedBench(t, [HERE]);
    assert.deepEqual(await crowd(2), all(2, 'ok'));
    resolver.says = [THERE];
    assert.deepEqual(await crowd(5), all(5, 'ok'));
    assert.deepEqual([here.requests.length, there.requests.length], [4, 3], 'two kept connections, three new ones');
    assert.deepEqual([...client.addresses.keys()], [HERE, THERE]);
    const [firstMs = 0, thenMs = 0] = client.addresses.values();
    assert.ok(firstMs > 0 && thenMs >= firstMs);
  });

  test('it stops resolving: requests that need a connection fail for that, those that have one go on', async (t) => {
    const { crowd, resolver, here } = await namedBench(t, [HERE]);
    await crowd(2);
    for (const code of ['ENOTFOUND', 'EAI_AGAIN']) {
      resolver.says = failing(code);
      assert.deepEqual((await crowd(4)).toSorted(), ['dns-failed', 'dns-failed', 'ok', 'ok']);
    }
    resolver.says = [HERE];
    assert.deepEqual(await crowd(4), all(4, 'ok'));
    assert.equal(here.connectionCount(), 4, 'and comes back');
  });

  test('the resolver does not answer: the time for a connection runs out', async (t) => {
    const { crowd } = await namedBench(t, 'nothing', { connectMs: 60 });
    assert.deepEqual(await crowd(3), all(3, 'connect-timeout'));
  });
});

describe('a name with several addresses', () => {
  test('one of them is dead: the next one is tried, and no request is lost', async (t) => {
    const { client, crowd, here, there } = await namedBench(t, [NOBODY, THERE, HERE]);
    assert.deepEqual(await crowd(4), all(4, 'ok'));
    assert.deepEqual([here.connectionCount(), there.connectionCount()], [0, 4], 'in the order the resolver gave');
    assert.deepEqual([...client.addresses.keys()], [THERE]);
  });

  test('all of them are dead: refused, with every address in what is told', async (t) => {
    const { request } = await namedBench(t, [NOBODY, '127.0.0.4']);
    const { reason, detail = '' } = await request();
    assert.equal(reason, 'connection-refused');
    assert.ok(detail.includes(NOBODY) && detail.includes('127.0.0.4'), detail);
  });
});

describe('how often is asked', () => {
  test('with every connection; those opened while an answer is awaited share it', async (t) => {
    const { crowd, resolver } = await namedBench(t, [HERE]);
    await crowd(20);
    assert.equal(resolver.asked, 1);
    await crowd(20);
    assert.equal(resolver.asked, 1, 'no new connections, no questions');
    await crowd(21);
    assert.equal(resolver.asked, 2);
  });

  test('an address is asked for by nobody, and noted by nobody', async (t) => {
    const { client, crowd, resolver } = await namedBench(t, [HERE]);
    const numbered = await openRequestBench(answerWell);
    t.after(() => numbered.close());
    assert.equal((await numbered.request()).outcome, 'ok');
    assert.equal(numbered.client.addresses.size, 0);
    assert.equal(resolver.asked + client.addresses.size, 0);
    await crowd(1);
    await until(() => client.addresses.size === 1, 'the name’s address is noted');
  });
});

test('a resolver that had no descriptor to ask with: the generator failed, not the name', async () => {
  const answer = (hasDescriptor: boolean): Promise<NodeJS.ErrnoException | null> => {
    const lookup = createNameLookup(
      (_hostname, _options, done) => done(failing('ENOTFOUND'), []),
      () => hasDescriptor,
    );
    return new Promise((resolve) => lookup('engine.test', { all: true }, resolve));
  };
  assert.equal((await answer(true))?.code, 'ENOTFOUND');
  const starved = await answer(false);
  assert.equal(starved?.code, 'EMFILE');
  assert.match(starved.message, /engine\.test/);
});
