import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REPORT_SCHEMA } from '../../../../src/contract/report.ts';
import { lensesIn } from '../../../helpers/bench-workspace.ts';

const SCENARIO = `param peak = 10 rps
benchmark base { send { from random  input 5 tokens  output 5 tokens } }
benchmark one extends base { on { protocol simulator }  load { stage s { rate peak for 60 s } } }
benchmark two extends one { seed 2 }
sweep s of one { vary peak in [1, 2, 3] rps }
search c of two { find max rate in 1 rps .. 500 rps within 5 % }
compare v { baseline one  candidate two }
`;

test('what can be run has its lenses; above a study stands what it would do, and what can be run of it', async () => {
  const lenses = await lensesIn({ 'main.bench': SCENARIO });
  assert.deepEqual(
    lenses.filter((each) => !each.startsWith('6:')),
    [
      '3: ▶ Run → run',
      '3: Dry run → dryRun',
      '4: ▶ Run → run',
      '4: Dry run → dryRun',
      '5: sweep: ≈ 3 runs · 360 requests · 3 min (compiles; cannot be run yet)',
      '5: ▶ Run one once → run',
      '7: compare: ≈ 2 runs · 1200 requests · 2 min (compiles; cannot be run yet)',
      '7: ▶ Run one once → run',
      '7: ▶ Run two once → run',
    ],
  );
  const [search, ...rest] = lenses.filter((each) => each.startsWith('6:'));
  assert.match(search ?? '', /^6: search: ≈ at most \d+ runs .*\(compiles; cannot be run yet\)$/);
  assert.deepEqual(rest, ['6: ▶ Run two once → run']);
});

const report = (benchmark: string, outcome: string, startedAt: string, verdict = 'valid'): string =>
  JSON.stringify({
    schema: REPORT_SCHEMA,
    run: { benchmark, file: '/home/ada/main.bench', startedAt, outcome },
    sla: [],
    validity: { verdict },
  });

test('each benchmark shows its own last verdict with its date, whichever ran last', async () => {
  const results = 'main.bench.results';
  const lenses = await lensesIn({
    'main.bench': SCENARIO,
    [`${results}/latest.json`]: JSON.stringify({ directory: '2026-11-21T12-00-00Z-two' }),
    [`${results}/2026-11-21T12-00-00Z-two/report.json`]: report('two', 'failed', '2026-11-21T12:00:00Z'),
    [`${results}/2026-11-21T11-00-00Z-one/report.json`]: report('one', 'passed', '2026-11-21T11:00:00Z', 'suspect'),
    [`${results}/2026-11-20T11-00-00Z-one/report.json`]: report('one', 'failed', '2026-11-20T11:00:00Z'),
    [`${results}/2026-11-19T11-00-00Z-base/report.json`]: 'torn',
  });
  assert.deepEqual(
    lenses.filter((each) => each.endsWith('openReport')),
    [
      '3: ✓ passed 2026-11-21 11:00 UTC · measurement suspect → openReport',
      '4: ✗ failed 2026-11-21 12:00 UTC → openReport',
    ],
  );
});

test('a half-typed file keeps the lenses of its good parts', async () => {
  assert.deepEqual(
    await lensesIn({ 'main.bench': `${SCENARIO.split('\n').slice(0, 3).join('\n')}\nbenchmark half { on {` }),
    ['3: ▶ Run → run', '3: Dry run → dryRun'],
  );
});
