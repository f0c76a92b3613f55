import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { RESTRICTED_SETTINGS, readSettings, settingsManifest } from '../../../src/extension/settings.ts';

const root = path.join(import.meta.dirname, '../../..');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  contributes: { configuration: { properties: unknown } };
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: unknown } };
};
const texts = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8')) as Record<string, string>;

test('the manifest has the settings of the table, no more, no fewer', () => {
  assert.deepEqual(manifest.contributes.configuration.properties, settingsManifest());
});

test('settings that name programs are restricted in workspaces that are not trusted', () => {
  assert.deepEqual(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations, RESTRICTED_SETTINGS);
});

test('every text the manifest refers to is there', () => {
  const used = [...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/g)].map((match) => match[1] ?? '');
  assert.ok(used.length > 10);
  assert.deepEqual(
    used.filter((key) => texts[key] === undefined),
    [],
  );
  assert.deepEqual(
    Object.keys(texts).filter((key) => !used.includes(key)),
    [],
  );
});

test('without settings the defaults hold', () => {
  assert.deepEqual(
    readSettings(() => undefined),
    {
      calibrates: true,
      opensDashboard: true,
      showsMeasuredValues: true,
      opensReportIn: 'editor',
    },
  );
});

test('values of the wrong kind count as not written', () => {
  const written: Record<string, unknown> = {
    'runner.node': 7,
    'runner.workers': 2.5,
    'dashboard.openOnRun': 'no',
    'report.openIn': 'moon',
  };
  assert.deepEqual(
    readSettings((name) => written[name]),
    readSettings(() => undefined),
  );
});

test('written settings are taken', () => {
  const written: Record<string, unknown> = {
    'runner.node': ' /opt/node/bin/node ',
    'runner.workers': 4,
    'runner.calibrate': false,
    'dashboard.openOnRun': false,
    'editor.showMeasuredValues': false,
    'report.openIn': 'browser',
  };
  assert.deepEqual(
    readSettings((name) => written[name]),
    {
      nodePath: '/opt/node/bin/node',
      workers: 4,
      calibrates: false,
      opensDashboard: false,
      showsMeasuredValues: false,
      opensReportIn: 'browser',
    },
  );
});
