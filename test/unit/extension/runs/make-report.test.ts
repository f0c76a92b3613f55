import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { makeReport } from '../../../../src/extension/runs/make-report.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'benchwright-make-report-'));
after(() => rmSync(directory, { recursive: true }));

function commandLine(name: string, code: string): string {
  const entry = path.join(directory, name);
  writeFileSync(entry, code);
  return entry;
}

test('a report that the command line wrote is a report, whatever the verdict in its exit code', async () => {
  const entry = commandLine(
    'good.mjs',
    `import { writeFileSync } from 'node:fs';
     const [verb, directory] = process.argv.slice(2);
     if (verb === 'report') writeFileSync(directory + '/report.json', '{}');
     process.exitCode = 1;`,
  );
  await makeReport({ node: process.execPath, entry, directory, env: process.env });
  rmSync(path.join(directory, 'report.json'));
});

test('why there is none is told in the words of the command line', async () => {
  const entry = commandLine(
    'bad.mjs',
    `process.stderr.write('requests.jsonl: line 7 is not JSON\\n'); process.exitCode = 3;`,
  );
  await assert.rejects(makeReport({ node: process.execPath, entry, directory, env: process.env }), {
    code: 'RUN_RECORD_UNREADABLE',
    message: `No report could be made from ${directory} (exit code 3).`,
    hint: 'requests.jsonl: line 7 is not JSON',
  });
});
