import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../../../src/runner/cli/command.ts';
import { runCommand } from '../../../../src/runner/cli/commands/run.ts';
import { reportCommand } from '../../../../src/runner/cli/commands/report.ts';
import { integerValue, parseArguments } from '../../../../src/runner/cli/parse-arguments.ts';

function refusal(args: readonly string[], command = runCommand): string {
  try {
    parseArguments(command, args);
  } catch (thrown) {
    assert.ok(thrown instanceof UsageError, String(thrown));
    return `${thrown.message} ${thrown.hint ?? ''}`;
  }
  return assert.fail('it was accepted');
}

test('operands and options may stand in any order; `--` ends the options', () => {
  const invocation = parseArguments(runCommand, [
    'a.bench',
    '--set',
    'x=1',
    'peak',
    '--set=y=2',
    '--strict',
    '--',
    '--odd',
  ]);
  assert.deepEqual(invocation.operands, ['a.bench', 'peak', '--odd']);
  assert.deepEqual(invocation.values('set'), ['x=1', 'y=2']);
  assert.equal(invocation.flag('strict'), true);
  assert.equal(invocation.flag('ci'), false);
  assert.equal(invocation.value('output'), undefined);
});

test('a misspelt option is named with the nearest known one', () => {
  assert.match(refusal(['a.bench', '--strikt']), /no option `--strikt`.*`--strict`/);
  assert.match(refusal(['a.bench', '-x']), /no option `-x`.*--help/);
});

test('a value that is not a choice is named with the choices', () => {
  assert.match(refusal(['a.bench', '--ui', 'tabel']), /does not know `tabel`.*`table`.*table, plain, json, none/);
  assert.match(refusal(['dir', '--format', 'html,pfd'], reportCommand), /does not know `pfd`/);
  assert.deepEqual(parseArguments(reportCommand, ['dir', '--format', 'html, json']).values('format'), ['html', 'json']);
});

test('what is missing or too much is named', () => {
  assert.match(refusal([]), /needs FILE.*Usage: benchwright run FILE \[NAME…\]/s);
  assert.match(refusal(['a.bench', '--output']), /`--output` needs a value: --output DIR/);
  assert.match(refusal(['a.bench', '--ci=yes']), /takes no value/);
  assert.match(refusal(['a.bench', '--ui', 'json', '--ui', 'none']), /given twice/);
  assert.match(refusal(['one', 'two'], reportCommand), /does not take `two`/);
});

test('--help needs nothing else', () => {
  assert.equal(parseArguments(runCommand, ['--help']).flag('help'), true);
  assert.equal(parseArguments(runCommand, ['-h']).flag('help'), true);
});

test('whole numbers are checked against their bounds', () => {
  const bounds = { min: 1, max: 256 };
  assert.equal(integerValue(parseArguments(runCommand, ['a', '--workers', '4']), 'workers', bounds), 4);
  assert.equal(integerValue(parseArguments(runCommand, ['a']), 'workers', bounds), undefined);
  for (const bad of ['0', '257', '2.5', 'two', '1e2', '0x10'])
    assert.throws(
      () => integerValue(parseArguments(runCommand, ['a', '--workers', bad]), 'workers', bounds),
      UsageError,
      bad,
    );
});
