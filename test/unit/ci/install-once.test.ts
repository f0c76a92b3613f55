import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { installOnce } from '../../../.ci/install-once.ts';

describe('installing once', () => {
  let cache: string;
  let folder: string;
  beforeEach(() => {
    cache = mkdtempSync(path.join(tmpdir(), 'benchwright-once-'));
    folder = path.join(cache, 'tool-1.0');
  });
  afterEach(() => rmSync(cache, { recursive: true }));

  const fill = (emptyFolder: string): Promise<void> => {
    writeFileSync(path.join(emptyFolder, 'tool'), 'works');
    return Promise.resolve();
  };

  test('fills the folder and leaves nothing else behind', async () => {
    assert.equal(await installOnce({ folder, install: fill }), true);
    assert.equal(readFileSync(path.join(folder, 'tool'), 'utf8'), 'works');
    assert.deepEqual(readdirSync(cache), ['tool-1.0']);
  });

  test('does nothing where it is there already', async () => {
    await installOnce({ folder, install: fill });
    const installAgain = (): Promise<void> => Promise.reject(new Error('must not run'));
    assert.equal(await installOnce({ folder, install: installAgain }), false);
  });

  test('a failed installation leaves no folder, and the next try starts from an empty one', async () => {
    const breakOff = (emptyFolder: string): Promise<void> => {
      writeFileSync(path.join(emptyFolder, 'half'), '');
      return Promise.reject(new Error('the network is gone'));
    };
    await assert.rejects(installOnce({ folder, install: breakOff }), /network is gone/);
    assert.equal(existsSync(folder), false);
    await installOnce({ folder, install: fill });
    assert.deepEqual(readdirSync(folder), ['tool']);
  });

  test('of two at a time one installs and the other waits for it', async () => {
    let installations = 0;
    let waits = 0;
    let sayWaiting: () => void = () => undefined;
    const someoneWaits = new Promise<void>((resolve) => (sayWaiting = resolve));
    const slow = async (emptyFolder: string): Promise<void> => {
      installations += 1;
      await someoneWaits;
      await fill(emptyFolder);
    };
    const onWaiting = (): void => {
      waits += 1;
      sayWaiting();
    };
    const both = await Promise.all([
      installOnce({ folder, install: slow, onWaiting }),
      installOnce({ folder, install: slow, onWaiting }),
    ]);
    assert.deepEqual([installations, waits], [1, 1]);
    assert.equal(both.filter((isNew) => isNew).length, 1);
  });

  test('the lock of a process that died is taken over', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(`${folder}.lock`, `${dead}`);
    assert.equal(await installOnce({ folder, install: fill }), true);
  });
});
