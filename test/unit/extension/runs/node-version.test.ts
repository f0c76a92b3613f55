import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINIMUM_NODE } from '../../../../src/contract/protocol/runner.ts';
import { findNode, isNewEnough } from '../../../../src/extension/runs/node-version.ts';

test('versions are compared as numbers', () => {
  for (const version of [MINIMUM_NODE, 'v22.19.0', '22.20.0', '24.0.0', '100.0.0'])
    assert.equal(isNewEnough(version), true, version);
  for (const version of ['22.18.9', '20.20.2', '9.99.99', '', 'latest', '22'])
    assert.equal(isNewEnough(version), false, version);
});

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
