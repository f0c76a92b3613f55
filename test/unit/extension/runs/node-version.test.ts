import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINIMUM_NODE } from '../../../../src/contract/protocol/runner.ts';
import { findNode } from '../../../../src/extension/runs/node-version.ts';

test("VS Code's own Node is used when the setting names none", async () => {
  assert.equal(await findNode(undefined, { path: '/code/code', version: '24.1.0' }), '/code/code');
});

test('a VS Code whose Node is too old says so, and names the setting', async () => {
  await assert.rejects(findNode(undefined, { path: '/code/code', version: '20.18.0' }), {
    code: 'RUN_NODE_TOO_OLD',
    message: `The load generator needs Node ${MINIMUM_NODE} or newer; VS Code's own Node is Node 20.18.0.`,
    hint: 'Name a newer Node in the setting benchwright.runner.node.',
  });
});

test("the setting's Node is asked for its version", async () => {
  assert.equal(await findNode(process.execPath), process.execPath);
});

test('a Node that is not there is told as such', async () => {
  await assert.rejects(findNode('/no/such/node'), {
    code: 'RUN_NODE_TOO_OLD',
    message: /benchwright\.runner\.node, \/no\/such\/node, cannot be used: there is no such program/,
  });
});
