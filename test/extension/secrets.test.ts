import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { SecretVault } from '../../src/extension/secrets.ts';
import { test } from '../helpers/vscode/extension-host-tests.ts';

function makeVault(env: NodeJS.ProcessEnv): {
  vault: SecretVault;
  stored: Map<string, string>;
  names: Map<string, unknown>;
} {
  const stored = new Map<string, string>();
  const names = new Map<string, unknown>();
  const storage = {
    get: async (key: string) => stored.get(key),
    store: async (key: string, value: string) => void stored.set(key, value),
    delete: async (key: string) => void stored.delete(key),
  } as unknown as vscode.SecretStorage;
  const memento = {
    get: (key: string, fallback: unknown) => names.get(key) ?? fallback,
    update: async (key: string, value: unknown) => void names.set(key, value),
  } as unknown as vscode.Memento;
  return { vault: new SecretVault(storage, memento, env), stored, names };
}

test('a kept secret goes before one of the environment, which the runner finds by itself', async () => {
  const { vault } = makeVault({ IN_BOTH: 'from the environment', IN_ENV: 'from the environment' });
  await vault.set('IN_BOTH', 'kept');
  assert.deepEqual(await vault.values(['IN_BOTH', 'IN_ENV'], 'nightly'), { IN_BOTH: 'kept' });
});

test('only names stand outside the secret storage', async () => {
  const { vault, names } = makeVault({});
  await vault.set('B', 'tr0ub4dor');
  await vault.set('A', 'hunter2');
  assert.deepEqual(vault.names, ['A', 'B']);
  assert.ok(!JSON.stringify([...names]).match(/tr0ub4dor|hunter2/));
});

test('a forgotten secret is gone', async () => {
  const { vault, stored } = makeVault({});
  await vault.set('A', 'hunter2');
  await vault.forget('A');
  assert.deepEqual([vault.names, stored.size], [[], 0]);
});
