import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { hashSources, satisfies } from '../../../.ci/stale.ts';

describe('the hash of the sources', () => {
  let folder: string;
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  const hash = (): Promise<string> => hashSources(folder, ['src', 'package.json', 'not-there']);
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'benchwright-stale-'));
    write('src/a/b.ts', 'one');
    write('src/c.ts', 'two');
    write('package.json', '{}');
    write('other.txt', 'not looked at');
  });
  after(() => rmSync(folder, { recursive: true }));

  test('stays when only times change, as in a fresh clone', async () => {
    const first = await hash();
    utimesSync(path.join(folder, 'src/c.ts'), 1, 1);
    assert.equal(await hash(), first);
  });
  test('stays when other files change', async () => {
    const first = await hash();
    write('other.txt', 'changed');
    assert.equal(await hash(), first);
  });
  test('changes with the text, the name and the number of files', async () => {
    const seen = new Set([await hash()]);
    write('src/c.ts', 'too');
    seen.add(await hash());
    write('src/d.ts', '');
    seen.add(await hash());
    rmSync(path.join(folder, 'src/d.ts'));
    write('src/e.ts', '');
    seen.add(await hash());
    write('package.json', '{ }');
    seen.add(await hash());
    assert.equal(seen.size, 5);
  });
  test('text moved from one file to the next is a change', async () => {
    write('src/x.ts', 'ab');
    write('src/y.ts', 'c');
    const first = await hash();
    write('src/x.ts', 'a');
    write('src/y.ts', 'bc');
    assert.notEqual(await hash(), first);
  });
});

describe('a build', () => {
  const stamp = { sourcesSha256: 'a', isMinified: false };
  test('that is missing does not do', () => assert.equal(satisfies(undefined, stamp), false));
  test('of the same sources does', () => assert.equal(satisfies(stamp, stamp), true));
  test('of other sources does not', () => assert.equal(satisfies({ ...stamp, sourcesSha256: 'b' }, stamp), false));
  test('that is minified does where it need not be', () =>
    assert.equal(satisfies({ ...stamp, isMinified: true }, stamp), true));
  test('that is not minified does not do for the package', () => {
    assert.equal(satisfies(stamp, { ...stamp, isMinified: true }), false);
  });
});
