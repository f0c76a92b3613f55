/** The report of a record whose runner did not live to write it: the command line's `report`, in a process of its own. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { RunError } from '../../contract/errors.ts';
import { RESULT_FILES } from '../../contract/record.ts';
import { exists } from './results.ts';

export interface MakeReportCommand {
  readonly node: string;
  /** The command line's entry. */
  readonly entry: string;
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
}

const KEPT_OUTPUT_CHARACTERS = 2_000;

/** @throws RunError with what the command line said. */
export async function makeReport({ node, entry, directory, env }: MakeReportCommand): Promise<void> {
  const child = spawn(node, [entry, 'report', directory], {
    env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => (said = (said + text).slice(-KEPT_OUTPUT_CHARACTERS)));
  const exitCode = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  // Its exit code is the run's verdict as well; the file tells whether there is a report.
  if (await exists(path.join(directory, RESULT_FILES.report))) return;
  throw new RunError('RUN_RECORD_UNREADABLE', `No report could be made from ${directory} (exit code ${exitCode}).`, {
    hint: said.trim() || undefined,
  });
}
