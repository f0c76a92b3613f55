/** Who is the limit? A generator that cannot keep up makes a run invalid; a server that cannot leaves it valid. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { ReportData } from '../../src/contract/report.ts';
import { runCli, startCli } from '../helpers/cli.ts';
import { onlyResult, readReport, scenarioFolder } from '../helpers/scenario-folder.ts';

async function run(
  t: TestContext,
  scenario: string,
  words: readonly string[] = [],
): Promise<{ readonly code: number | null; readonly out: string; readonly report: ReportData }> {
  const { file } = scenarioFolder(t, scenario);
  const { code, out } = await runCli(['run', file, '--ui', 'plain', '--workers', '1', ...words]);
  return { code, out, report: readReport(onlyResult(file)) };
}

const codesOf = ({ validity }: ReportData): readonly string[] => validity.reasons.map(({ code }) => code);

test('one worker that is asked for more than it can make: invalid, exit code 4, no flattering figure', async (t) => {
  // Prompts of 32,000 words at 1,000 per second are more than one thread can even write down.
  const { code, out, report } = await run(
    t,
    `
    backend quick { protocol simulator  first-token 1 ms  inter-token 1 ms }
    dataset prompts { from random  input 32000 tokens  output 1 tokens }
    sla easy { ttft p50 < 10 s  error-rate < 1 % }
    benchmark flood {
      on quick
      send prompts
      load { stage flood { rate 1000 rps for 700 ms }  drain 20 s }
      expect easy
    }
    `,
  );
  assert.equal(report.validity.verdict, 'invalid');
  assert.equal(code, 4);
  assert.equal(report.run.exitCode, 4);
  const invalid = report.validity.reasons.filter(({ severity }) => severity === 'invalid').map((each) => each.code);
  assert.ok(
    invalid.some((each) => ['schedule-lag', 'rate-short', 'loop-lag', 'generator-cpu'].includes(each)),
    codesOf(report).join(', '),
  );
  // What was not sent in time is in what a user on the schedule felt, and in what was delivered.
  const intended = report.metrics['ttftIntended'];
  const sent = report.metrics['ttft'];
  assert.ok(intended !== undefined && 'p99' in intended && sent !== undefined && 'p99' in sent);
  assert.ok((intended.p99 ?? 0) > 200, `p99 from due ${intended.p99} ms`);
  assert.ok((report.stages[0]?.delivered.ratePerSecond ?? 0) < 950, `${report.stages[0]?.delivered.ratePerSecond} rps`);
  assert.match(out, /invalid/);
});

/**
 * What a machine that is busy with other things does to a generator, and to the simulator beside it, whatever the server's speed. All that
 * speaks of the load, the sample, the connections, the answers or the record is not among them.
 */
const OF_A_BUSY_MACHINE: ReadonlySet<string> = new Set([
  'loop-lag',
  'schedule-lag',
  'gc-pauses',
  'generator-cpu',
  'server-late',
  'clock-step',
]);
const TRIES = 3;

test('a server that is saturated: the run is valid, and shows the queue', async (t) => {
  // Two sequences at 20 ms a step: 10 requests of 10 tokens a second; 20 a second are asked for.
  const scenario = `
    backend tiny {
      protocol simulator
      engine batching
      step 20 ms
      step-per-prompt-token 0 ms
      step-per-context-token 0 ms
      max-num-seqs 2
    }
    dataset prompts { from random  input 8 tokens  output 10 tokens }
    sla easy { ttft p99 < 1 s }
    benchmark saturated {
      on tiny
      send prompts
      load { stage steady { rate 20 rps for 5 s }  drain 20 s }
      expect easy
    }
    `;
  let { code, report } = await run(t, scenario);
  const ownReasons = (): readonly string[] => codesOf(report).filter((each) => !OF_A_BUSY_MACHINE.has(each));
  for (let tries = 1; tries < TRIES && report.validity.verdict !== 'valid' && ownReasons().length === 0; tries++) {
    t.diagnostic(`the machine was busy: ${codesOf(report).join(', ')}`);
    ({ code, report } = await run(t, scenario));
  }
  // Valid, or doubted for the machine's sake alone: nothing is held against the generator because the server is slow.
  assert.deepEqual(ownReasons(), []);
  assert.equal(report.validity.verdict, codesOf(report).length === 0 ? 'valid' : 'suspect', codesOf(report).join(', '));
  assert.equal(code, 1, 'the SLA is breached: the server is too slow');
  assert.equal(report.requests.failed, 0);
  assert.equal(report.requests.succeeded, 100);
  const ttft = report.metrics['ttft'];
  assert.ok(ttft !== undefined && 'p99' in ttft);
  // The last of 100 requests waits for about five seconds: ten seconds of work in five seconds.
  assert.ok((ttft.p99 ?? 0) > 3_000, `ttft p99 ${ttft.p99} ms`);
  const delivered = report.stages[0]?.delivered.ratePerSecond ?? 0;
  assert.ok(Math.abs(delivered - 20) < 1, `delivered ${delivered} rps`);
});

test('a simulator of another process that is late makes the run against it suspect', async (t) => {
  // Tokens that are due all at once, far more than can be written at that moment: the front end takes no time.
  const served = startCli(
    ['simulate', '--port', '0', '--engine', 'batching', '--step', '100ms', '--send-per-token', '0ms'].concat(
      ['--step-per-prompt-token', '0ms', '--max-num-seqs', '2048', '--max-num-batched-tokens', '32768 tokens'],
      ['--kv-cache', '200000 tokens'],
    ),
  );
  t.after(() => served.child.kill('SIGKILL'));
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(await served.outMatches(/Ctrl-C/))?.[0] ?? '';
  const { report } = await run(
    t,
    `
    backend other { protocol openai.chat  url "${url}"  model "simulator" }
    dataset prompts { from random  input 8 tokens  output 20 tokens }
    benchmark crowd {
      on other
      send prompts
      load { stage crowd { users 1500 for 4 s }  drain 20 s }
    }
    `,
  );
  assert.ok(codesOf(report).includes('server-late'), codesOf(report).join(', '));
  served.child.kill('SIGINT');
  const { error } = await served.result;
  assert.match(error, /Late: of the last \d+ tokens/);
});

test('a run of some length is preceded by a calibration, which can be switched off', async (t) => {
  const scenario = `
    backend steady { protocol simulator  first-token 20 ms  inter-token 10 ms }
    dataset prompts { from random  input 8 tokens  output 10 tokens }
    benchmark calm { on steady  send prompts  load { stage steady { users 4 for 10 s } } }
    `;
  const calibrated = await run(t, scenario);
  const { calibration } = calibrated.report.validity;
  // On a machine that is too busy it fails, and says so.
  if (calibration?.state === 'measured')
    assert.match(calibrated.out, /Measuring error just before the run \(16 streams/);
  else assert.match(calibrated.out, /Measuring error not known: the calibration failed/);
  assert.ok(calibration?.state !== 'skipped');

  const short = await run(t, scenario.replace('10 s', '500 ms'));
  assert.deepEqual(short.report.validity.calibration, { state: 'skipped', why: 'short-run' });

  const off = await run(t, scenario.replace('users 4 for 10 s', 'users 4 for 150 requests'), ['--no-calibration']);
  assert.deepEqual(off.report.validity.calibration, { state: 'skipped', why: 'switched-off' });
});
