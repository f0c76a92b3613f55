/** A real Neovim without a screen, driven as a person drives it: by its commands and keys. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { findNeovim } from '../../.ci/neovim.ts';
import { runProcess } from '../../.ci/run-process.ts';

export interface NeovimOptions {
  /** Where it starts. */
  readonly folder: string;
  /** Lua, run as the user's `init.lua`. */
  readonly configuration: string;
  /** Goes before the rest of PATH. */
  readonly programs: string;
}

export interface Neovim {
  /** Runs Lua inside; its `return` value comes back. Messages that came meanwhile are handled first. */
  lua<T>(code: string): Promise<T>;
  /** Asks until the Lua expression is neither nil nor false. */
  until<T>(expression: string): Promise<T>;
  /** As typed, in its notation: `i<C-x><C-o>`. */
  keys(keys: string): Promise<void>;
}

const WAIT_MS = 30_000;
const POLL_MS = 50;

export async function startNeovim(t: TestContext, options: NeovimOptions): Promise<Neovim> {
  const program = findNeovim();
  if (program === undefined) throw new Error('nvim is not on PATH; Debian has it in the package neovim.');
  const home = mkdtempSync(path.join(tmpdir(), 'benchwright-neovim-'));
  const socket = path.join(home, 'socket');
  const init = path.join(home, 'init.lua');
  writeFileSync(init, options.configuration);
  for (const name of ['config', 'data', 'state', 'cache']) mkdirSync(path.join(home, name));
  const env = {
    ...process.env,
    PATH: `${options.programs}${path.delimiter}${process.env['PATH']}`,
    XDG_CONFIG_HOME: path.join(home, 'config'),
    XDG_DATA_HOME: path.join(home, 'data'),
    XDG_STATE_HOME: path.join(home, 'state'),
    XDG_CACHE_HOME: path.join(home, 'cache'),
  };
  const child = spawn(program, ['--headless', '-n', '-i', 'NONE', '-u', init, '--listen', socket], {
    cwd: options.folder,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let messages = '';
  child.stderr.on('data', (bytes) => (messages += String(bytes)));
  t.after(async () => {
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    await ended;
    rmSync(home, { recursive: true, force: true });
  });

  let scripts = 0;
  const expression = async (text: string): Promise<string> => {
    const args = ['--headless', '--server', socket, '--remote-expr', text];
    const { exitCode, output } = await runProcess(program, args, { output: 'collect', timeoutMs: WAIT_MS, env });
    if (exitCode !== 0) throw new Error(`Neovim could not evaluate ${text}: ${output}\n${messages}`);
    return output;
  };
  const lua = async <T>(code: string): Promise<T> => {
    const script = path.join(home, `${++scripts}.lua`);
    writeFileSync(script, `local value = (function()\n${code}\nend)()\nreturn vim.json.encode({ value = value })\n`);
    return (JSON.parse(await expression(`luaeval('dofile(_A)', '${script}')`)) as { value: T }).value;
  };

  const deadlineMs = performance.now() + WAIT_MS;
  while ((await expression('1').catch(() => '')).trim() !== '1') {
    if (child.exitCode !== null || performance.now() > deadlineMs) throw new Error(`Neovim did not start: ${messages}`);
    await delay(POLL_MS);
  }
  return {
    lua,
    async until<T>(condition: string) {
      const untilMs = performance.now() + WAIT_MS;
      for (;;) {
        const value = await lua<T | null | false | undefined>(`return ${condition}`);
        if (value !== undefined && value !== null && value !== false) return value;
        if (performance.now() > untilMs) throw new Error(`Neovim never had ${condition}\n${messages}`);
        await delay(POLL_MS);
      }
    },
    keys: (keys) => lua(`vim.api.nvim_input(${JSON.stringify(keys)})`),
  };
}
