/** The language server in another editor: a real Neovim with the configuration of docs/editors.md, over stdio, used as a person uses it. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { commandOf, projectRoot } from '../helpers/cli.ts';
import { startNeovim, type Neovim } from '../helpers/neovim.ts';
import { scenarioFolder } from '../helpers/scenario-folder.ts';

const documentation = readFileSync(path.join(projectRoot, 'docs', 'editors.md'), 'utf8');
const configuration = /^```lua\n([^]*?)^```/m.exec(documentation)?.[1];

const SCENARIO = `import "std"
import "./targets.bench"

sla fast extends interactive-chat { ttft p95 < 300 ms }

benchmark chat {
  on   server
  send single-turn
  load { stage steady { rate 2 rps poisson for 1 min } }
  expect fast
}
`;
const TARGETS = `/// The server on the desk.
backend server {
  protocol openai.chat
  url      "http://127.0.0.1:8000"
  model    "m"
}
`;

/** Neovim with the scenario open, and the server's first word on it there. */
async function edit(t: TestContext, scenario: string): Promise<Neovim> {
  assert.ok(configuration, 'docs/editors.md shows the configuration of Neovim');
  const folder = scenarioFolder(t, scenario);
  folder.write('targets.bench', TARGETS);
  const programs = path.join(folder.path, 'programs');
  mkdirSync(programs);
  const command = commandOf([]).map((word) => `'${word}'`);
  chmodSync(folder.write('programs/benchwright', `#!/bin/sh\nexec ${command.join(' ')} "$@"\n`), 0o755);
  const neovim = await startNeovim(t, { folder: folder.path, configuration, programs });
  await neovim.lua(`vim.cmd('edit chat.bench')`);
  // Once the server answers a first question, it has read the file.
  await neovim.until(
    `(function()
      local clients = (vim.lsp.get_clients or vim.lsp.get_active_clients)()
      local question = { textDocument = vim.lsp.util.make_text_document_params() }
      return #clients > 0 and vim.lsp.buf_request_sync(0, 'textDocument/documentSymbol', question, 1000)
    end)()`,
  );
  return neovim;
}

const textOf = async (neovim: Neovim): Promise<string> =>
  (await neovim.lua<string[]>('return vim.api.nvim_buf_get_lines(0, 0, -1, false)')).join('\n');
/** Puts the cursor on the beginning of the first such text. */
const goTo = (neovim: Neovim, text: string): Promise<void> =>
  neovim.lua(`vim.fn.cursor(1, 1); assert(vim.fn.search('\\\\V${text}', 'cW') > 0)`);
const diagnosticsOf =
  'vim.tbl_map(function(each) return { line = each.lnum, code = each.code } end, vim.diagnostic.get(0))';

test('a mistake is marked while it is there', async (t) => {
  const neovim = await edit(t, SCENARIO.replace('rate 2 rps', 'rate 2 s'));
  const [mistake] = await neovim.until<{ line: number; code: string }[]>(
    `(function() local all = ${diagnosticsOf}; return #all > 0 and all end)()`,
  );
  assert.equal(mistake?.line, 8);
  assert.match(mistake.code, /^BENCH\d{4}$/);
  await goTo(neovim, '2 s');
  await neovim.keys('3cl2 rps<Esc>');
  await neovim.until(`#vim.tbl_filter(function(each) return each.severity == 1 end, vim.diagnostic.get(0)) == 0`);
});

test('hover explains a metric', async (t) => {
  const neovim = await edit(t, SCENARIO);
  await goTo(neovim, 'ttft');
  await neovim.lua('vim.lsp.buf.hover()');
  const shown = await neovim.until<string[]>(
    `(function()
      for _, window in ipairs(vim.api.nvim_list_wins()) do
        if vim.api.nvim_win_get_config(window).relative ~= '' then
          return vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
        end
      end
    end)()`,
  );
  assert.match(shown.join('\n'), /first token/i);
});

test('completion proposes names of an imported file, and takes one', async (t) => {
  const neovim = await edit(t, SCENARIO.replace('on   server', 'on   '));
  await goTo(neovim, '  on   ');
  await neovim.lua(`vim.o.completeopt = 'menuone,noinsert'`);
  await neovim.keys('A<C-x><C-o>');
  const words = await neovim.until<string[]>(
    `(function()
      local items = vim.fn.complete_info({ 'items' }).items
      return #items > 0 and vim.tbl_map(function(each) return each.word end, items)
    end)()`,
  );
  assert.ok(words.includes('server'), words.join(' '));
  await neovim.keys('serv<C-y><Esc>');
  await neovim.until(`vim.fn.mode() == 'n'`);
  assert.match(await textOf(neovim), /^ {2}on {3}server$/m);
});

test('rename changes every place, in the imported file too', async (t) => {
  const neovim = await edit(t, SCENARIO);
  await goTo(neovim, 'server');
  await neovim.lua(`vim.lsp.buf.rename('desk')`);
  await neovim.until(`vim.fn.search('on   desk', 'nw') > 0`);
  await neovim.lua(`vim.cmd('edit targets.bench')`);
  assert.match(await textOf(neovim), /^backend desk \{$/m);
});

test('formatting lays a file out, and again changes nothing', async (t) => {
  const neovim = await edit(t, SCENARIO.replaceAll(/^ {2}/gm, '      '));
  const format = `(vim.lsp.buf.format or vim.lsp.buf.formatting_sync)()`;
  await neovim.lua(format);
  const formatted = await textOf(neovim);
  assert.equal(formatted.trimEnd(), SCENARIO.trimEnd());
  await neovim.lua(format);
  assert.equal(await textOf(neovim), formatted);
});

test('a definition in the standard library opens its text, to read only', async (t) => {
  const neovim = await edit(t, SCENARIO);
  await goTo(neovim, 'interactive-chat');
  await neovim.lua('vim.lsp.buf.definition()');
  await neovim.until(`vim.api.nvim_buf_get_name(0):match('std.bench$')`);
  const line = await neovim.until<string>(`vim.api.nvim_get_current_line():match('^sla .*')`);
  assert.equal(line, 'sla interactive-chat {');
  assert.equal(await neovim.lua('return vim.bo.modifiable'), false);
  assert.deepEqual(await neovim.until(diagnosticsOf), []);
});
