import { after, before, describe, it } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createRunDirectory,
  type RunDirectory,
  type RunDirectoryOptions,
} from '../../../../src/runner/platform/run-directory.ts';

/** The superuser may write anywhere: then it is done as nobody. */
async function asPlainUser(act: () => Promise<void>): Promise<void> {
  const isSuperuser = process.geteuid?.() === 0;
  if (isSuperuser) process.seteuid?.(65_534);
  try {
    await act();
  } finally {
    if (isSuperuser) process.seteuid?.(0);
  }
}
const NO_MOUNTS =
  spawnSync('unshare', ['-m', 'true'], { stdio: 'ignore' }).status !== 0 && 'needs the right to mount a small disk';

const startedAt = new Date('2026-11-21T23:26:05.123Z');

describe('the result directory', () => {
  let root = '';
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'benchwright-'));
  });
  const made: RunDirectory[] = [];
  const make = async (options: RunDirectoryOptions): Promise<RunDirectory> => {
    const directory = await createRunDirectory(options);
    made.push(directory);
    return directory;
  };
  after(async () => {
    for (const directory of made) await directory.releaseReserve();
    await rm(root, { recursive: true });
  });

  it('is named after the time and the benchmark, and never used twice', async () => {
    const parent = join(root, 'deep', 'chat.bench.results');
    const options = { parent, benchmark: 'nightly run', startedAt };
    const first = await make(options);
    const second = await make(options);
    assert.equal(first.name, '2026-11-21T23-26-05Z-nightly_run');
    assert.equal(second.name, '2026-11-21T23-26-05Z-nightly_run-2');
    assert.equal(first.path, join(parent, first.name));
    assert.equal(first.pathOf('run.log'), join(first.path, 'run.log'));
  });

  it('announces itself in latest.json, with the process that fills it while it does', async () => {
    const parent = join(root, 'announced');
    const directory = await make({ parent, benchmark: 'b', startedAt });
    const latest = async (): Promise<unknown> => JSON.parse(await readFile(join(parent, 'latest.json'), 'utf8'));
    const common = {
      schema: 'benchwright/latest@1',
      directory: directory.name,
      benchmark: 'b',
      startedAt: startedAt.toISOString(),
    };
    await directory.announce('running');
    assert.deepEqual(await latest(), { ...common, state: 'running', pid: process.pid });
    await directory.announce('finished');
    assert.deepEqual(await latest(), { ...common, state: 'finished' });
    assert.deepEqual((await readdir(parent)).sort(), [directory.name, 'latest.json']);
  });

  it(
    'keeps room for the report without showing it, and gives it back',
    { skip: process.platform !== 'linux' && 'open files are looked up in /proc' },
    async () => {
      const kept = async (): Promise<number> => {
        const links = await Promise.all(
          (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
        );
        return links.filter((link) => link.includes(join(root, 'reserve'))).length;
      };
      const directory = await make({ parent: join(root, 'reserve'), benchmark: 'b', startedAt });
      assert.deepEqual(await readdir(directory.path), ['.running']);
      assert.equal(await kept(), 1);
      await directory.releaseReserve();
      await directory.releaseReserve();
      assert.equal(await kept(), 0);
    },
  );

  it('announced together with others, one is named; an older run that finishes does not take the name back', async () => {
    const parent = join(root, 'together');
    const runs = await Promise.all(Array.from({ length: 8 }, () => make({ parent, benchmark: 'b', startedAt })));
    await Promise.all(runs.map((each) => each.announce('running')));
    const [older, newer] = runs as [RunDirectory, RunDirectory];
    await newer.announce('running');
    await older.announce('finished');
    const latest = JSON.parse(await readFile(join(parent, 'latest.json'), 'utf8')) as {
      directory: string;
      state: string;
    };
    assert.deepEqual([latest.directory, latest.state], [newer.name, 'running']);
  });

  it('leaves nothing behind when the run never began', async () => {
    const parent = join(root, 'discarded');
    const directory = await make({ parent, benchmark: 'b', startedAt });
    await directory.discard();
    await assert.rejects(stat(parent), { code: 'ENOENT' });

    await make({ parent, benchmark: 'kept', startedAt });
    const another = await make({ parent, benchmark: 'b', startedAt });
    await another.discard();
    assert.deepEqual(await readdir(parent), ['2026-11-21T23-26-05Z-kept']);
  });

  it('says why it cannot be made, and what to do', async () => {
    const file = join(root, 'a-file');
    await writeFile(file, '');
    await assert.rejects(
      createRunDirectory({ parent: file, benchmark: 'b', startedAt }),
      (error: { code: string; message: string; hint: string }) =>
        error.code === 'RUN_OUTPUT_NOT_WRITABLE' &&
        error.message.includes('there is a file of that name') &&
        error.hint.includes('Name a directory with --output'),
    );
  });

  it('says so of a directory that nobody may write in, and which one that is', async () => {
    const parent = join(root, 'not-mine', 'results');
    await mkdir(parent, { recursive: true });
    await chmod(root, 0o755);
    await chmod(parent, 0o555);
    await asPlainUser(() =>
      assert.rejects(createRunDirectory({ parent, benchmark: 'b', startedAt }), {
        code: 'RUN_OUTPUT_NOT_WRITABLE',
        hint: `Give yourself the right to write in ${parent}, or write the results elsewhere with --output.`,
      }),
    );
  });

  it(
    'on a file system that cannot be written to, says that, and leaves nothing on one that is too small',
    { skip: NO_MOUNTS },
    async () => {
      const disk = join(root, 'disk');
      await mkdir(disk);
      const mount = (...args: readonly string[]): unknown => execFileSync('mount', [...args, disk]);
      mount('-t', 'tmpfs', '-o', 'size=300k', 'tmpfs');
      try {
        const make = createRunDirectory({ parent: join(disk, 'a', 'results'), benchmark: 'b', startedAt });
        await assert.rejects(make, { code: 'RUN_DISK_FULL', hint: /4 MiB/ });
        assert.deepEqual(await readdir(join(disk, 'a')), []);
        mount('-o', 'remount,ro');
        const again = createRunDirectory({ parent: join(disk, 'b', 'results'), benchmark: 'b', startedAt });
        await assert.rejects(again, { code: 'RUN_OUTPUT_NOT_WRITABLE', message: /the file system is read-only/ });
      } finally {
        execFileSync('umount', [disk]);
      }
    },
  );

  it('puts back what was removed with it, and takes it for this process again', async () => {
    const directory = await make({ parent: join(root, 'removed'), benchmark: 'b', startedAt });
    await directory.putBack('plan.json', 'first');
    await directory.putBack('plan.json', 'second');
    assert.equal(await readFile(directory.pathOf('plan.json'), 'utf8'), 'first');
    await rm(directory.path, { recursive: true });
    await mkdir(directory.path);
    await directory.putBack('plan.json', 'third');
    assert.deepEqual((await readdir(directory.path)).sort(), ['.running', 'plan.json']);
    await directory.announce('finished');
    assert.match(await readFile(join(root, 'removed', 'latest.json'), 'utf8'), /"state": "finished"/);
  });
});
