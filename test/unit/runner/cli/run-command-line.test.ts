import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunError } from '../../../../src/contract/errors.ts';
import type { CompileDiagnostic } from '../../../../src/contract/protocol/language.ts';
import { STUDY_SCHEMA, type StudyPlan } from '../../../../src/contract/study-plan.ts';
import { VERSION } from '../../../../src/contract/version.ts';
import { COMMANDS, runCommandLine } from '../../../../src/runner/cli/run-command-line.ts';
import { fakeCommandContext, scenarioWith } from '../../../helpers/fake-command-context.ts';
import { fakeKeyboard } from '../../../helpers/fake-keyboard.ts';
import { fakeTerminal } from '../../../helpers/fake-terminal.ts';
import { makePlan } from '../../../helpers/make-plan.ts';
import { DIRECTORY, finishedRun, healthySnapshot, slaResult } from '../../../helpers/run-events.ts';

const MISTAKE: CompileDiagnostic = {
  code: 'BENCH2003',
  severity: 'error',
  message: 'There is no metric `tftf`.',
  file: '/home/ada/chat.bench',
  line: 1,
  column: 11,
  endLine: 1,
  endColumn: 21,
};

test('the help lists what there is, not what there is not yet', async () => {
  const context = fakeCommandContext();
  assert.equal(await runCommandLine([], context), 0);
  for (const { name, isUnavailable } of COMMANDS)
    assert.equal(new RegExp(`^  ${name} `, 'm').test(context.terminal.out()), isUnavailable !== true, name);
  for (const line of context.terminal.out().split('\n')) assert.ok(line.length <= 80, line);
});

test('each command has a help of its own with all its options, within 80 columns', async () => {
  for (const command of COMMANDS) {
    const context = fakeCommandContext();
    assert.equal(await runCommandLine([command.name, '--help'], context), 0);
    for (const option of Object.keys(command.options)) assert.match(context.terminal.out(), new RegExp(`--${option}`));
    for (const line of context.terminal.out().split('\n'))
      assert.ok(line.length <= 80 || line.includes('benchwright '), line);
  }
});

test('the version is the product’s', async () => {
  const context = fakeCommandContext();
  assert.equal(await runCommandLine(['--version'], context), 0);
  assert.equal(context.terminal.out(), `${VERSION}\n`);
});

test('a misspelt command is named with the nearest known one, exit code 2', async () => {
  for (const [args, expected] of [
    [['chekc'], /no command `chekc`.*\n.*`benchwright check`/],
    [['chat.bench'], /`benchwright run chat.bench`/],
    [['--foo'], /benchwright --help/],
  ] as const) {
    const context = fakeCommandContext();
    assert.equal(await runCommandLine(args, context), 2);
    assert.match(context.terminal.error(), expected);
  }
});

test('commands that are not there yet say so plainly, exit code 2', async () => {
  for (const name of ['compare', 'serve']) {
    const context = fakeCommandContext();
    assert.equal(await runCommandLine([name, 'x'], context), 2);
    assert.match(context.terminal.error(), new RegExp(`benchwright ${name}.* is not available yet`));
  }
});

test('a run that passes: exit code 0, the plan handed over, a summary at the end', async () => {
  const context = fakeCommandContext();
  const exitCode = await runCommandLine(['run', 'chat.bench', '--workers', '2', '--output', 'out'], context);
  assert.equal(exitCode, 0);
  const [run] = context.runs;
  assert.equal(run?.params.plan.benchmark, 'quickstart');
  assert.equal(run?.params.workers, 2);
  assert.equal(run?.params.outputDirectory, '/home/ada/out');
  assert.deepEqual(run?.params.secrets, {});
  assert.match(context.terminal.out(), /PASSED: all 3 service levels met/);
});

test('resume hands the directory over; the runner takes the plan that lies in it', async () => {
  const context = fakeCommandContext();
  context.texts.set('/home/ada/chat.bench.results/one/plan.json', JSON.stringify(makePlan()));
  const exitCode = await runCommandLine(
    ['resume', 'chat.bench.results/one', '--workers', '3', '--no-calibration'],
    context,
  );
  assert.equal(exitCode, 0, context.terminal.error());
  assert.equal(context.runs[0]?.params.resumeDirectory, '/home/ada/chat.bench.results/one');
  assert.equal(context.runs[0]?.params.workers, 3);
  assert.equal(context.runs[0]?.params.calibrates, false);
});

test('resume of what is no result directory: said in a sentence, nothing is started, exit code 2', async () => {
  const context = fakeCommandContext();
  assert.equal(await runCommandLine(['resume', 'chat.bench'], context), 2);
  assert.match(context.terminal.error(), /no run in chat.bench[^]*plan.json/);
  assert.equal(context.runs.length, 0);
});

test('errors in the scenario: shown with their line, nothing is started, exit code 2', async () => {
  for (const [command, consequence] of [
    ['run', 'Nothing was sent'],
    ['plan', 'There is no plan'],
  ] as const) {
    const context = fakeCommandContext({ scenario: scenarioWith({ diagnostics: [MISTAKE] }) });
    assert.equal(await runCommandLine([command, 'chat.bench'], context), 2);
    assert.equal(context.runs.length, 0);
    assert.match(context.terminal.error(), /chat\.bench:1:11 error BENCH2003 There is no metric[^]*\^{10}/);
    assert.ok(context.terminal.error().endsWith(`1 error. ${consequence}.\n`));
    assert.equal(context.terminal.out(), '');
  }
});

test('warnings are shown and do not keep a run from starting', async () => {
  const context = fakeCommandContext({
    scenario: scenarioWith({ diagnostics: [{ ...MISTAKE, severity: 'warning' }] }),
  });
  assert.equal(await runCommandLine(['run', 'chat.bench'], context), 0);
  assert.match(context.terminal.error(), /warning BENCH2003/);
});

test('several benchmarks run one after another; the gravest end decides the exit code', async () => {
  const scenario = scenarioWith({ benchmarks: ['a', 'b', 'c'] });
  const ends = [finishedRun(), finishedRun({ outcome: 'failed', exitCode: 1 }), finishedRun({ exitCode: 4 })];
  const context = fakeCommandContext({ scenario, onRun: (run) => run.finish(ends.shift()) });
  assert.equal(await runCommandLine(['run', 'chat.bench'], context), 4);
  assert.deepEqual(
    context.runs.map((run) => run.params.plan.benchmark),
    ['a', 'b', 'c'],
  );
});

test('a name chooses the benchmark; a misspelt one is refused with the nearest', async () => {
  const scenario = scenarioWith({ benchmarks: ['steady', 'peak'] });
  const chosen = fakeCommandContext({ scenario });
  assert.equal(await runCommandLine(['run', 'chat.bench', 'peak'], chosen), 0);
  assert.deepEqual(
    chosen.runs.map((run) => run.params.plan.benchmark),
    ['peak'],
  );
  const wrong = fakeCommandContext({ scenario });
  assert.equal(await runCommandLine(['run', 'chat.bench', 'peek'], wrong), 2);
  assert.match(wrong.terminal.error(), /no benchmark `peek`.*\n.*`peak`/);
});

test('a study is refused by its kind and name, exit code 3; what is not run beside the benchmarks is named', async () => {
  const scenario = scenarioWith({ studies: [{ kind: 'search', name: 'capacity' }] });
  const named = fakeCommandContext({ scenario });
  assert.equal(await runCommandLine(['run', 'chat.bench', 'capacity'], named), 3);
  assert.match(named.terminal.error(), /`search` is not available yet: `capacity`/);
  assert.deepEqual(named.runs, []);
  const all = fakeCommandContext({ scenario });
  assert.equal(await runCommandLine(['run', 'chat.bench'], all), 0);
  assert.equal(all.runs.length, 1);
  assert.match(all.terminal.error(), /Not run, because not available yet: search `capacity`/);
});

test('--dry-run explains a study, by its name or beside the benchmarks', async () => {
  const plan: StudyPlan = {
    ...{ schema: STUDY_SCHEMA, kind: 'search', name: 'capacity', source: makePlan().source, params: {} },
    ...{ benchmark: 'quickstart', goal: 'max', variable: 'rate', low: 1, high: 64, toleranceRatio: 0.05 },
    ...{ meeting: [], probe: makePlan(), mostRuns: 9 },
  };
  const studies = [{ kind: 'search', name: 'capacity' }] as const;
  const scenario = scenarioWith({ studies, study: (name) => (name === 'capacity' ? { plan, json: '' } : undefined) });
  const out = async (given: typeof scenario, ...names: string[]): Promise<string> => {
    const context = fakeCommandContext({ scenario: given });
    assert.equal(await runCommandLine(['run', 'chat.bench', ...names, '--dry-run'], context), 0);
    assert.deepEqual([context.runs, context.terminal.error()], [[], '']);
    return context.terminal.out();
  };
  const isBenchmark = /^quickstart {2}dry run/m;
  const isStudy = /^capacity {2}search of quickstart {2}dry run: nothing is sent\n[^]*≈ at most 9 runs/m;
  const named = await out(scenario, 'capacity');
  assert.match(named, isStudy);
  assert.doesNotMatch(named, isBenchmark);
  assert.doesNotMatch(await out(scenario, 'quickstart'), isStudy);
  for (const names of [[], ['quickstart', 'capacity']]) {
    const both = await out(scenario, ...names);
    assert.match(both, isBenchmark);
    assert.match(both, isStudy);
  }
  assert.match(await out({ ...scenario, benchmarks: [] }), isStudy);
  const wrong = fakeCommandContext({ scenario });
  assert.equal(await runCommandLine(['run', 'chat.bench', 'capacity', 'peek', '--dry-run'], wrong), 2);
  assert.match(wrong.terminal.error(), /no benchmark `peek`/);
});

test('plan prints what a study would do', async () => {
  const study = { json: '{ "kind": "search" }\n' } as ReturnType<ReturnType<typeof scenarioWith>['study']>;
  const scenario = scenarioWith({ study: (name) => (name === 'capacity' ? study : undefined) });
  const context = fakeCommandContext({ scenario });
  assert.equal(await runCommandLine(['plan', 'chat.bench', 'capacity'], context), 0);
  assert.equal(context.terminal.out(), '{ "kind": "search" }\n');
});

test('an undecided SLA leaves the exit code, and fails under --strict', async () => {
  const undecided = finishedRun({ outcome: 'undecided', sla: [slaResult({ verdict: 'undecided' })] });
  for (const [args, expected] of [
    [['run', 'chat.bench'], 0],
    [['run', 'chat.bench', '--strict'], 1],
  ] as const)
    assert.equal(await runCommandLine(args, fakeCommandContext({ onRun: (run) => run.finish(undecided) })), expected);
});

test('a run that cannot be carried out: the error with its remedy, its exit code', async () => {
  const error = new RunError('RUN_BACKEND_UNREACHABLE', 'Nothing listens at http://127.0.0.1:9.', {
    hint: 'Start the server.',
  });
  const context = fakeCommandContext({ onRun: (run) => run.fail(error) });
  assert.equal(await runCommandLine(['run', 'chat.bench'], context), 3);
  assert.match(context.terminal.error(), /RUN_BACKEND_UNREACHABLE {2}Nothing listens at[^]*Start the server\./);
});

test('a bug of ours shows its stack', async () => {
  const context = fakeCommandContext({ onRun: (run) => run.fail(new TypeError('x is not a function')) });
  assert.equal(await runCommandLine(['run', 'chat.bench'], context), 3);
  assert.match(
    context.terminal.error(),
    /RUN_INTERNAL[^]*bug of Benchwright[^]*TypeError: x is not a function\n {4}at /,
  );
});

test('--ui json prints protocol events, one per line, and nothing else', async () => {
  const context = fakeCommandContext({
    onRun: (run) => {
      run.emit({ event: 'snapshot', data: healthySnapshot() });
      run.finish();
    },
  });
  assert.equal(await runCommandLine(['run', 'chat.bench', '--ui', 'json'], context), 0);
  const lines = context.terminal
    .out()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string });
  assert.deepEqual(
    lines.map((line) => line.event),
    ['run.started', 'snapshot', 'run.finished'],
  );
});

test('--ui json tells of a run that could not be carried out as run.failed', async () => {
  const context = fakeCommandContext({
    onRun: (run) => run.fail(new RunError('RUN_SECRET_MISSING', 'There is no secret KEY.')),
  });
  assert.equal(await runCommandLine(['run', 'chat.bench', '--ui', 'json'], context), 3);
  const last = JSON.parse(context.terminal.out().trimEnd().split('\n').at(-1) ?? '') as {
    event: string;
    data: { error: { code: string } };
  };
  assert.equal(last.event, 'run.failed');
  assert.equal(last.data.error.code, 'RUN_SECRET_MISSING');
});

test('--ui none prints nothing at all for a run that passes', async () => {
  const context = fakeCommandContext();
  assert.equal(await runCommandLine(['run', 'chat.bench', '--ui', 'none'], context), 0);
  assert.equal(context.terminal.out() + context.terminal.error(), '');
});

test('the live table is the default in a terminal, plain lines elsewhere and under --ci', async () => {
  const onRun = (run: { emit: (line: never) => void; finish: () => void }): void => {
    run.emit({ event: 'snapshot', data: healthySnapshot() } as never);
    run.finish();
  };
  const table = fakeCommandContext({ terminal: fakeTerminal({ isInteractive: true }), onRun });
  await runCommandLine(['run', 'chat.bench'], table);
  assert.match(table.terminal.out(), /stage 1 of 1: steady/);
  const ci = fakeCommandContext({ terminal: fakeTerminal({ isInteractive: true }), onRun });
  await runCommandLine(['run', 'chat.bench', '--ci'], ci);
  assert.match(ci.terminal.out(), /61 %, steady, 52 rps of 50 rps/);
});

test('Ctrl-C once stops the run, twice cuts it, a third time leaves; no further benchmark is started', async () => {
  const scenario = scenarioWith({ benchmarks: ['a', 'b'] });
  const context = fakeCommandContext({
    scenario,
    onRun: (run) => {
      context.signals.emit('SIGINT');
      assert.deepEqual(run.steps, ['stop']);
      context.signals.emit('SIGINT');
      assert.deepEqual(run.steps, ['stop', 'abort']);
      context.signals.emit('SIGINT');
      assert.deepEqual(context.left, [3]);
      run.finish(finishedRun({ outcome: 'aborted', exitCode: 3 }));
    },
  });
  assert.equal(await runCommandLine(['run', 'chat.bench'], context), 3);
  assert.equal(context.runs.length, 1);
  assert.match(context.terminal.error(), new RegExp(`benchwright report ${DIRECTORY.replace('/home/ada/', '')}`));
  assert.deepEqual(context.signals.eventNames(), []);
});

test('Ctrl-C while the run is being prepared stops it before anything is sent; twice leaves at once', async () => {
  const once = fakeCommandContext({
    onPreparing: () => once.signals.emit('SIGINT'),
    onRun: (run) => {
      assert.deepEqual(run.steps, ['stop']);
      run.finish(finishedRun({ outcome: 'aborted', exitCode: 3 }));
    },
  });
  assert.equal(await runCommandLine(['run', 'chat.bench'], once), 3);
  assert.match(once.terminal.out(), /Stopping before anything is sent/);
  const twice = fakeCommandContext({
    onPreparing: () => {
      twice.signals.emit('SIGINT');
      twice.signals.emit('SIGINT');
      assert.deepEqual(twice.left, [3]);
    },
  });
  await runCommandLine(['run', 'chat.bench'], twice);
  assert.match(twice.terminal.error(), /^Left without a report\.$/m);
});

test('keys change the rate while the live table is shown, and the terminal is given back', async () => {
  const wishes: unknown[] = [];
  const keyboard = fakeKeyboard();
  const context = fakeCommandContext({
    terminal: fakeTerminal({ isInteractive: true, keyboard }),
    onRate: (wish) => {
      wishes.push(wish);
      return wishes.length <= 5 ? { factor: (wish as { factor: number }).factor, atMs: 1 } : { refused: 'Too late.' };
    },
    onRun: (run) => {
      run.emit({ event: 'snapshot', data: healthySnapshot() });
      assert.match(context.terminal.out(), /\+ -: rate 100 %, 0: the plan’s\./);
      keyboard.type('++=-x0');
      keyboard.type('-');
      assert.match(
        context.terminal.out(),
        /\+ -: rate 130 %.*\n[^]*rate 120 %[^]*rate 100 %[^]*! Too late\.[^]*rate 100 %/,
      );
      run.finish();
    },
  });
  await runCommandLine(['run', 'chat.bench'], context);
  assert.deepEqual(
    wishes.map((wish) => (wish as { factor: number }).factor),
    [1.1, 1.2, 1.3, 1.2, 1, 0.9],
  );
  assert.deepEqual(keyboard.deeds, ['raw', 'reading', 'paused', 'cooked']);
});

test('Ctrl-C that arrives as a key does what the signal does; the terminal is given back also when we leave', async () => {
  const keyboard = fakeKeyboard({ raise: (signal) => context.signals.emit(signal) });
  const context = fakeCommandContext({
    terminal: fakeTerminal({ isInteractive: true, keyboard }),
    onRun: (run) => {
      keyboard.type('\u0003');
      assert.deepEqual(run.steps, ['stop']);
      keyboard.type('\u0003');
      assert.deepEqual(run.steps, ['stop', 'abort']);
      keyboard.type('\u0003');
      assert.deepEqual(context.left, [3]);
      assert.equal(keyboard.deeds.at(-1), 'cooked');
      run.finish(finishedRun({ outcome: 'aborted', exitCode: 3 }));
    },
  });
  assert.equal(await runCommandLine(['run', 'chat.bench'], context), 3);
});

test('a run that fails gives the terminal back; a view that is not live never takes it', async () => {
  const failing = fakeKeyboard();
  const onRun = (run: { fail(error: Error): void }): void => run.fail(new RunError('RUN_DISK_FULL', 'Full.'));
  const terminal = fakeTerminal({ isInteractive: true, keyboard: failing });
  await runCommandLine(['run', 'chat.bench'], fakeCommandContext({ terminal, onRun }));
  assert.deepEqual(failing.deeds, ['raw', 'reading', 'paused', 'cooked']);
  for (const ui of ['plain', 'json', 'none']) {
    const keyboard = fakeKeyboard();
    const context = fakeCommandContext({ terminal: fakeTerminal({ isInteractive: true, keyboard }) });
    await runCommandLine(['run', 'chat.bench', '--ui', ui], context);
    assert.deepEqual(keyboard.deeds, [], ui);
  }
});

test('--dry-run explains and starts nothing', async () => {
  const context = fakeCommandContext();
  assert.equal(await runCommandLine(['run', 'chat.bench', '--dry-run'], context), 0);
  assert.equal(context.runs.length, 0);
  assert.match(context.terminal.out(), /dry run: nothing is sent[^]*chat\.bench\.results\/<UTC time>-quickstart\//);
});

test('--ci under GitHub Actions annotates diagnostics and SLAs that are not met', async () => {
  const breached = finishedRun({
    exitCode: 1,
    outcome: 'failed',
    sla: [slaResult({ verdict: 'breached', actual: 612 })],
  });
  const environment = { GITHUB_ACTIONS: 'true' };
  const context = fakeCommandContext({ environment, onRun: (run) => run.finish(breached) });
  assert.equal(await runCommandLine(['run', 'chat.bench', '--ci'], context), 1);
  assert.match(
    context.terminal.out(),
    /^::error file=chat\.bench,line=16,endLine=16,col=3,endColumn=20,title=quickstart%3A SLA breached::ttft p95 < 500 ms: measured 612 ms$/m,
  );
  const elsewhere = fakeCommandContext({ onRun: (run) => run.finish(breached) });
  await runCommandLine(['run', 'chat.bench', '--ci'], elsewhere);
  assert.doesNotMatch(elsewhere.terminal.out(), /::error/);
});

test('check prints diagnostics in each format; exit code 2 for errors only', async () => {
  const scenario = scenarioWith({ diagnostics: [MISTAKE] });
  const run = async (...args: string[]): Promise<[number, string]> => {
    const context = fakeCommandContext({ scenario });
    return [await runCommandLine(['check', 'chat.bench', ...args], context), context.terminal.out()];
  };
  const [textCode, text] = await run();
  assert.equal(textCode, 2);
  assert.match(text, /1 file checked: 1 error\.\n$/);
  assert.deepEqual(JSON.parse((await run('--format', 'json'))[1]), [MISTAKE]);
  const sarif = JSON.parse((await run('--format', 'sarif'))[1]) as {
    runs: { results: { ruleId: string; locations: unknown[] }[] }[];
  };
  assert.equal(sarif.runs[0]?.results[0]?.ruleId, 'BENCH2003');
  assert.match(
    (await run('--format', 'github'))[1],
    /^::error file=chat\.bench,line=1,endLine=1,col=11,endColumn=21,title=BENCH2003::There is no metric/,
  );
  const clean = fakeCommandContext();
  assert.equal(await runCommandLine(['check', 'chat.bench'], clean), 0);
  assert.equal(clean.terminal.out(), '1 file checked: no problems.\n');
});

test('plan prints the very bytes of the plan, and asks which where there are several', async () => {
  const context = fakeCommandContext();
  assert.equal(await runCommandLine(['plan', 'chat.bench'], context), 0);
  assert.equal(context.terminal.out(), '{ "benchmark": "quickstart" }\n');
  const several = fakeCommandContext({ scenario: scenarioWith({ benchmarks: ['a', 'b'] }) });
  assert.equal(await runCommandLine(['plan', 'chat.bench'], several), 2);
  assert.match(several.terminal.error(), /several benchmarks.*\n.*`a`, `b`/);
});

test('format rewrites what is not formatted; --check only tells, exit code 1', async () => {
  const context = fakeCommandContext();
  context.texts.set('/home/ada/chat.bench', 'sla x {\n\tttft p95 < 1 s\n}\n');
  assert.equal(await runCommandLine(['format', '--check', 'chat.bench'], context), 1);
  assert.match(context.texts.get('/home/ada/chat.bench') ?? '', /\t/);
  assert.equal(await runCommandLine(['format', 'chat.bench'], context), 0);
  assert.doesNotMatch(context.texts.get('/home/ada/chat.bench') ?? '', /\t/);
  assert.equal(await runCommandLine(['format', '--check', 'chat.bench'], context), 0);
});

test('files that are not there are named before anything is done', async () => {
  for (const [args, expected] of [
    [['run', 'no.bench'], /no file no\.bench[^]*\/home\/ada\/no\.bench/],
    [['check', 'results'], /results is a directory/],
    [['check', 'notes.txt'], /notes\.txt is not a scenario/],
    [['report', 'nowhere'], /no directory nowhere/],
    [['run', 'chat.bench', '--set', 'rate'], /`--set rate` has no value/],
  ] as const) {
    const context = fakeCommandContext();
    assert.equal(await runCommandLine(args, context), 2);
    assert.match(context.terminal.error(), expected);
  }
});

test('list shows each catalog, as text and as JSON; a misspelt one is named', async () => {
  for (const what of ['backends', 'datasets', 'monitors', 'reports', 'metrics']) {
    const context = fakeCommandContext();
    assert.equal(await runCommandLine(['list', what], context), 0);
    assert.ok(
      context.terminal
        .out()
        .split('\n')
        .every((line) => line.length <= 80),
    );
  }
  const json = fakeCommandContext();
  await runCommandLine(['list', 'backends', '--format', 'json'], json);
  const items = JSON.parse(json.terminal.out()) as { name: string; available: boolean }[];
  assert.equal(items.find((each) => each.name === 'simulator')?.available, true);
  assert.equal(items.find((each) => each.name === 'ollama')?.available, false);
  const wrong = fakeCommandContext();
  assert.equal(await runCommandLine(['list', 'backend'], wrong), 2);
  assert.match(wrong.terminal.error(), /Did you mean `backends`/);
});

test('simulate serves until it is told to stop', async () => {
  const stopped: number[] = [];
  const asked: unknown[] = [];
  const context = fakeCommandContext({
    services: {
      startSimulator: async ({ port, host, recordFile, options, onLate }) => {
        asked.push(port, host, recordFile, options['first-token']);
        onLate({ tokens: 900, p50Ms: 1, p99Ms: 12, maxMs: 40 });
        queueMicrotask(() => queueMicrotask(() => context.signals.emit('SIGINT')));
        return {
          url: 'http://127.0.0.1:8123',
          settings: [['engine', 'distributions']],
          lateness: async () => ({ tokens: 1_000, p50Ms: 0.1, p99Ms: 12, maxMs: 40 }),
          stop: async (stopOptions) => void stopped.push(stopOptions?.drainMs ?? 0),
        };
      },
    },
  });
  const words = ['simulate', '--port', '8123', '--first-token', '120ms', '--record', 'truth.jsonl'];
  assert.equal(await runCommandLine(words, context), 0);
  assert.deepEqual(asked, [8123, '127.0.0.1', '/home/ada/truth.jsonl', '120ms']);
  assert.deepEqual(stopped, [10_000]);
  assert.match(
    context.terminal.out(),
    /http:\/\/127\.0\.0\.1:8123[^]*engine distributions[^]*1000 tokens[^]*12 ms \(p99\)/,
  );
  assert.match(context.terminal.error(), /Late: of the last 900 tokens[^]*12 ms/);
});

test('language-server asks for --stdio and then serves', async () => {
  let served = 0;
  const context = fakeCommandContext({ services: { serveLanguage: async () => void (served += 1) } });
  assert.equal(await runCommandLine(['language-server'], context), 2);
  assert.equal(await runCommandLine(['language-server', '--stdio'], context), 0);
  assert.equal(served, 1);
});

test('report names the files written, and says when the record was torn', async () => {
  const asked: unknown[] = [];
  const context = fakeCommandContext({
    services: {
      renderReport: async (directory, formats) => {
        asked.push(directory, formats);
        return { report: { run: { torn: true } } as never, files: { html: `${directory}/report.html` } };
      },
    },
  });
  assert.equal(await runCommandLine(['report', 'results', '--format', 'html'], context), 0);
  assert.deepEqual(asked, ['/home/ada/results', ['html']]);
  assert.equal(context.terminal.out(), 'results/report.html\n');
  assert.match(context.terminal.error(), /it was killed/);
});
