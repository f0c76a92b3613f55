import { describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { createRedactor, resolveSecrets, secretNamesOf } from '../../../../src/runner/platform/secrets.ts';
import { makePlan } from '../../../helpers/make-plan.ts';

const { backend } = makePlan();
const plan = makePlan({
  backend: {
    ...backend,
    key: { kind: 'secret', name: 'API_KEY' },
    headers: { 'X-Team': 'perf', 'X-Token': { kind: 'secret', name: 'TEAM_TOKEN' } },
    options: { nested: [{ deeper: { kind: 'secret', name: 'DEEP' } }] },
  },
});

describe('resolveSecrets', () => {
  it('finds the names of secrets wherever they stand', () => {
    assert.deepEqual(secretNamesOf(plan).toSorted(), ['API_KEY', 'DEEP', 'TEAM_TOKEN']);
  });

  it('takes given values before those of the environment', () => {
    const values = resolveSecrets(plan, { API_KEY: 'given' }, { API_KEY: 'other', TEAM_TOKEN: 'team', DEEP: 'deep' });
    assert.deepEqual(values, { API_KEY: 'given', TEAM_TOKEN: 'team', DEEP: 'deep' });
  });

  it('names every secret without a value, and no value', () => {
    assert.throws(
      () => resolveSecrets(plan, { API_KEY: 'sk-very-secret' }, { DEEP: '' }),
      (error: Error & { code: string; hint: string }) =>
        error.code === 'RUN_SECRET_MISSING' &&
        error.message === 'The secrets TEAM_TOKEN, DEEP have no value.' &&
        error.hint.includes('TEAM_TOKEN') &&
        !`${error.message}${error.hint}`.includes('very-secret'),
    );
  });

  it('refuses a value that no header can carry, without printing it', () => {
    assert.throws(
      () => resolveSecrets(plan, { API_KEY: 'sk-broken\n', TEAM_TOKEN: 'team', DEEP: 'deep' }, {}),
      (error: Error & { code: string }) =>
        error.code === 'RUN_SECRET_MISSING' &&
        error.message.includes('API_KEY') &&
        !error.message.includes('sk-broken'),
    );
  });
});

describe('createRedactor', () => {
  const redact = createRedactor({ API_KEY: 'sk-"quoted"/1', SHORT: 'abc', LONGER: 'sk-"quoted"/1-and-more' });

  it('puts the name where the value stood, in whatever form', () => {
    assert.equal(redact('Bearer sk-"quoted"/1!'), 'Bearer «secret API_KEY»!');
    assert.equal(redact(JSON.stringify({ key: 'sk-"quoted"/1' })), '{"key":"«secret API_KEY»"}');
    assert.equal(redact(`?key=${encodeURIComponent('sk-"quoted"/1')}&x`), '?key=«secret API_KEY»&x');
    assert.equal(redact(`Basic ${Buffer.from('sk-"quoted"/1').toString('base64')}`).includes('«secret API_KEY»'), true);
  });

  it('prefers the longer of two values that begin alike', () => {
    assert.equal(redact('sk-"quoted"/1-and-more'), '«secret LONGER»');
  });

  it('leaves values alone that are too short to be secrets', () => {
    assert.equal(redact('abcdef'), 'abcdef');
  });
});
