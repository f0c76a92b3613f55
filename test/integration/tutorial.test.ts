/** Each command of docs/tutorial.md works on the scenario shown before it. Runs are dry: what they would send is tested elsewhere. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { projectRoot, runCli } from '../helpers/cli.ts';
import { scenarioFolder } from '../helpers/scenario-folder.ts';

const tutorial = readFileSync(path.join(projectRoot, 'docs', 'tutorial.md'), 'utf8');
const blocks = [...tutorial.matchAll(/^```(bench|sh)\n([^]*?)^```/gm)].map(([, kind, text = '']) => ({ kind, text }));

test('the commands of the tutorial do what it says, in its order', async (t) => {
  const folder = scenarioFolder(t, '');
  mkdirSync(path.join(folder.path, 'examples'));
  cpSync(path.join(projectRoot, 'examples/quickstart.bench'), path.join(folder.path, 'examples/quickstart.bench'));
  let commands = 0;
  for (const { kind, text } of blocks) {
    if (kind === 'bench') folder.write('chat.bench', text);
    else
      for (const line of text.trim().split('\n')) {
        const [program, ...args] = line.split(' ');
        assert.equal(program, 'benchwright', line);
        const dry = args[0] === 'run' && !args.includes('--dry-run') ? ['--dry-run'] : [];
        const { code, out, error } = await runCli([...args, ...dry], { cwd: folder.path });
        assert.equal(code, 0, `${line}\n${out}${error}`);
        commands += 1;
      }
  }
  assert.ok(commands >= 6);
});
