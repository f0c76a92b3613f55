/** A whole run by count, for the comparison with other programs: `closed-run.ts URL USERS REQUESTS TOKENS`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRun } from '../../src/runner/run/start-run.ts';
import { makeLoad, makeStage, users } from '../helpers/make-load.ts';
import { benchPlan } from './bench-plan.ts';

const [url = '', ...numbers] = process.argv.slice(2);
const [count = 1, requests = 1, tokens = 1] = numbers.map(Number);
const root = await mkdtemp(join(tmpdir(), 'benchwright-bench-'));
const load = makeLoad([makeStage('measured', users(count), { kind: 'requests', requests })]);
const { finished } = await startRun(
  { plan: benchPlan(url, tokens, load, join(root, 'results')), secrets: {}, workers: 1, calibrates: false },
  { onEvent: () => {} },
);
await finished;
await rm(root, { recursive: true });
process.exit();
