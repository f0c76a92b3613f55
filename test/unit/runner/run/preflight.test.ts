import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import type { RunError } from '../../../../src/contract/errors.ts';
import type { BackendPlan } from '../../../../src/contract/plan.ts';
import type { Backend } from '../../../../src/runner/backends/backend.ts';
import { ProbeTimeoutError, type ProbeAnswer } from '../../../../src/runner/platform/probe.ts';
import { checkLimits, preflight } from '../../../../src/runner/run/preflight.ts';
import { forTime, makeLoad, makeStage, users } from '../../../helpers/make-load.ts';
import { makePlan } from '../../../helpers/make-plan.ts';

const URL = 'http://box:8000';
const amply = { openFiles: 1_000_000, ephemeralPorts: 28_000, availableMemoryBytes: 2 ** 34 };
const MODELS = JSON.stringify({ object: 'list', data: [{ id: 'tiny-chat' }, { id: 'tiny-base' }] });

interface Asked {
  readonly answer?: Partial<ProbeAnswer>;
  readonly error?: { code: string } | ProbeTimeoutError;
  readonly proxyUrl?: string;
  readonly backend?: Partial<BackendPlan>;
  readonly problem?: string;
}

async function ask({ answer, error, backend, problem, ...way }: Asked) {
  const plan = makePlan({ backend: { ...makePlan().backend, protocol: 'openai.chat', url: URL, ...backend } });
  return preflight({
    plan,
    ...way,
    backend: { probes: { modelsPath: '/v1/models' } } as Backend,
    limits: amply,
    probe: async () => {
      if (error instanceof Error) throw error;
      if (error !== undefined) throw Object.assign(new Error(error.code), error);
      return { status: 200, headers: {}, text: MODELS, ...answer };
    },
    tryRequest: async () => problem,
  });
}

async function refusal(asked: Asked): Promise<RunError> {
  try {
    await ask(asked);
  } catch (thrown) {
    return thrown as RunError;
  }
  throw new Error('was let through');
}

describe('the server', () => {
  it('is noted with what it says of itself', async () => {
    const { checks, engine } = await ask({
      backend: { model: 'tiny-chat' },
      answer: { headers: { server: 'uvicorn' } },
    });
    assert.deepEqual(engine, { url: URL, server: 'uvicorn', models: ['tiny-chat', 'tiny-base'] });
    assert.ok(
      checks.every(({ ok }) => ok),
      JSON.stringify(checks),
    );
    assert.deepEqual(
      checks.map(({ code }) => code),
      ['memory', 'open-files', 'ports', 'reachable', 'model'],
    );
  });

  const unreachable: [code: string, said: RegExp][] = [
    ['ECONNREFUSED', /Nothing listens at box:8000/],
    ['ENOTFOUND', /box cannot be resolved/],
    ['ETIMEDOUT', /No connection to box:8000 in time/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /TLS/],
    ['HPE_INVALID_CONSTANT', /not an HTTP server/],
    ['EHOSTUNREACH', /EHOSTUNREACH/],
  ];
  for (const [code, said] of unreachable) {
    it(`unreachable: ${code}`, async () => {
      const error = await refusal({ error: { code } });
      assert.equal(error.code, 'RUN_BACKEND_UNREACHABLE');
      assert.match(error.message, said);
      assert.ok(error.hint);
      assert.equal(error.exitCode, 3);
    });
  }

  it('that takes no connection in time', async () => {
    const error = await refusal({ error: new ProbeTimeoutError('connect') });
    assert.match(error.message, /No connection to box:8000 in time/);
  });

  it('behind a proxy that cannot be reached: the proxy is what is named', async () => {
    for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH']) {
      const error = await refusal({ error: { code }, proxyUrl: 'http://proxy:3128' });
      assert.equal(error.code, 'RUN_BACKEND_UNREACHABLE');
      assert.match(error.message, new RegExp(`The proxy http://proxy:3128, .*cannot be reached \\(${code}\\)`));
      assert.match(error.hint ?? '', /Where box can be reached directly, add it to NO_PROXY/);
    }
  });

  it('a certificate that has expired: no authority is asked for', async () => {
    const error = await refusal({ error: { code: 'CERT_HAS_EXPIRED' } });
    assert.match(error.message, /The TLS certificate of box:8000 has expired/);
    assert.match(error.hint ?? '', /^Renew it/);
  });

  it('behind a proxy, or with a certificate that was not checked: the report says so', async () => {
    const tls = { verify: false };
    const { checks } = await ask({ backend: { url: 'https://box', tls }, proxyUrl: 'http://proxy:3128' });
    const notes = checks.filter(({ ok }) => !ok);
    assert.deepEqual(
      notes.map(({ code, message }) => [code, message]),
      [
        ['proxy', 'Requests go through the proxy http://proxy:3128, which the environment names.'],
        ['tls', 'The certificate of box was not checked: `tls { verify off }`.'],
      ],
    );
    assert.match(notes[0]?.hint ?? '', /NO_PROXY=box/);
  });

  it('that refuses the key is told apart from one that wants a key', async () => {
    const wants = await refusal({ answer: { status: 401 } });
    assert.equal(wants.code, 'RUN_BACKEND_REFUSED');
    assert.match(wants.hint ?? '', /add `key secret/);
    const refuses = await refusal({ answer: { status: 403 }, backend: { key: { kind: 'secret', name: 'API_KEY' } } });
    assert.match(refuses.hint ?? '', /API_KEY/);
  });

  it('that does not know the model: what it offers, and the nearest name', async () => {
    const error = await refusal({ backend: { model: 'tiny-chatt' }, problem: 'HTTP 404' });
    assert.equal(error.code, 'RUN_MODEL_UNKNOWN');
    assert.equal(error.message, 'The server does not know the model tiny-chatt: HTTP 404');
    assert.equal(error.hint, 'It offers tiny-chat, tiny-base. Did you mean tiny-chat?');
  });

  it('that answers to a name it does not list is believed, with a warning', async () => {
    const { checks } = await ask({ backend: { model: 'alias' } });
    assert.equal(checks.find(({ code }) => code === 'model')?.ok, false);
  });

  it('that offers no list, is loading, or does not answer in time is left to the run', async () => {
    const html = await ask({ answer: { status: 404, text: '<html>' }, backend: { model: 'x' } });
    assert.equal(html.checks.at(-1)?.message, 'The server offers no list of models.');
    const loading = await ask({ answer: { status: 503, text: '' } });
    assert.equal(loading.checks.at(-1)?.code, 'healthy');
    const silent = await ask({ error: new ProbeTimeoutError('answer') });
    assert.equal(silent.checks.at(-1)?.ok, false);
  });
});

describe('the limits of this machine', () => {
  const plan = makePlan({ load: makeLoad([makeStage('many', users(2_000), forTime(1_000))]) });

  it('too few open files: the command that helps', () => {
    assert.throws(
      () => checkLimits(plan, { ...amply, openFiles: 1_024 }),
      (error: RunError) => error.code === 'RUN_LIMIT_TOO_LOW' && error.hint === 'Raise the limit first: ulimit -n 8192',
    );
  });

  it('too few local ports', () => {
    assert.throws(
      () => checkLimits(plan, { ...amply, ephemeralPorts: 2_100 }),
      (error: RunError) => error.code === 'RUN_LIMIT_TOO_LOW' && /ip_local_port_range/.test(error.hint ?? ''),
    );
  });

  it('little memory is a warning', () => {
    const checks = checkLimits(plan, { ...amply, availableMemoryBytes: 2 ** 28 });
    assert.deepEqual(
      checks.filter(({ ok }) => !ok).map(({ code }) => code),
      ['memory'],
    );
  });

  const servers: [url: string, ok: boolean][] = [
    ['http://localhost:8000', false],
    ['http://[::1]:8000', false],
    ['http://box:8000', true],
  ];
  for (const [url, ok] of servers)
    it(`more connections than ${url} may keep waiting ${ok ? 'is its own affair' : 'is a warning'}`, () => {
      const backend = { ...plan.backend, protocol: 'openai.chat', url };
      const checks = checkLimits({ ...plan, backend }, { ...amply, listenBacklog: 128 });
      assert.equal(
        checks.find(({ code }) => code === 'backlog')?.hint?.includes('net.core.somaxconn=2048'),
        ok ? undefined : true,
      );
      assert.ok(checkLimits({ ...plan, backend }, { ...amply, listenBacklog: 4_096 }).every((check) => check.ok));
    });

  it('what the system does not tell is not checked', () => {
    assert.deepEqual(
      checkLimits(plan, { availableMemoryBytes: 2 ** 34 }).map(({ code }) => code),
      ['memory'],
    );
  });
});
