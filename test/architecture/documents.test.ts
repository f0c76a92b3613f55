/** The documents against the product: links lead somewhere, scenarios compile, the command line says what they say it says. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { compileText, nodeFileSystem } from '../../src/language/index.ts';
import { renderCommandHelp } from '../../src/runner/cli/help.ts';
import { COMMANDS } from '../../src/runner/cli/run-command-line.ts';
import { UNCOLOURED } from '../../src/runner/terminal/style.ts';

const root = path.join(import.meta.dirname, '..', '..');
const documents = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: root })
  .toString('utf8')
  .trim()
  .split('\n')
  .filter((file) => existsSync(path.join(root, file)));
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** As GitHub makes them. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

test('each link within the repository leads somewhere, its anchor included', () => {
  assert.ok(documents.length > 20);
  const broken = documents.flatMap((file) =>
    [
      ...read(file)
        .replace(/```[^]*?```/g, '')
        .matchAll(/\]\(([^)\s]+)\)/g),
    ].flatMap(([, link = '']) => {
      if (/^[a-z]+:/.test(link)) return [];
      const [target = '', anchor] = link.split('#');
      const where = target === '' ? file : path.posix.join(path.posix.dirname(file), target);
      if (!existsSync(path.join(root, where))) return [`${file}: ${link}`];
      if (anchor === undefined || !where.endsWith('.md')) return [];
      const anchors = [...read(where).matchAll(/^#+ (.*)$/gm)].map((match) => anchorOf(match[1] ?? ''));
      return anchors.includes(anchor) ? [] : [`${file}: ${link}`];
    }),
  );
  assert.deepEqual(broken, []);
});

test('each scenario that a document shows compiles without errors', async () => {
  // Pages of diagnostics show mistakes on purpose, and have a test of their own.
  const shown = documents.filter((file) => !file.startsWith('docs/diagnostics/'));
  let count = 0;
  for (const file of shown) {
    for (const [, text = ''] of read(file).matchAll(/^```bench\n([^]*?)^```/gm)) {
      count += 1;
      const { diagnostics } = await compileText(text, path.join(root, `${file}.bench`), {
        fileSystem: nodeFileSystem,
      });
      assert.deepEqual(
        diagnostics.filter((each) => each.severity === 'error').map((each) => `${each.line}: ${each.message}`),
        [],
        `${file}, block ${count}`,
      );
    }
  }
  assert.ok(count >= 3);
});

test('docs/command-line.md shows the help of each command, word for word', () => {
  const file = path.join(root, 'docs', 'command-line.md');
  for (const command of COMMANDS.filter((each) => each.isUnavailable !== true)) {
    const help = `\`\`\`text\n${renderCommandHelp(command, { style: UNCOLOURED, columns: 90 }).join('\n')}\n\`\`\``;
    const section = new RegExp(`^## ${command.name}\\n\\n([^]*?)(?=^## )`, 'm');
    const text = readFileSync(file, 'utf8');
    assert.match(text, section, `## ${command.name} is missing`);
    if (process.env['UPDATE_GOLDENS'] === '1')
      writeFileSync(
        file,
        text.replace(section, () => `## ${command.name}\n\n${help}\n\n`),
      );
    assert.equal(section.exec(readFileSync(file, 'utf8'))?.[1]?.trim(), help);
  }
});
