/** `npm run generate`: the parser and AST types from the Langium grammar, the TextMate grammar and docs/reference from the tables. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot, runTask, TaskFailure } from './project.ts';
import { runProcess } from './run-process.ts';
import { writeReference } from './reference.ts';
import { textMatePath, textMateText } from './textmate.ts';

export async function generate(): Promise<void> {
  const cli = path.join(projectRoot, 'node_modules', 'langium-cli', 'bin', 'langium.js');
  const { exitCode, output } = await runProcess(process.execPath, [cli, 'generate'], { output: 'collect' });
  process.stdout.write(output);
  if (exitCode !== 0) throw new TaskFailure('langium generate failed; it says above why.');
  await writeFile(textMatePath, textMateText());
  await writeReference();
}

if (import.meta.main) await runTask(generate);
