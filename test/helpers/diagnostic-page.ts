/** The examples of a diagnostic's page in docs/diagnostics. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { docsOf, type DiagnosticCode } from '../../src/language/validation/diagnostics.ts';

const root = path.join(import.meta.dirname, '..', '..');

export interface PageExample {
  readonly text: string;
  readonly options: {
    readonly set?: Readonly<Record<string, string>>;
    readonly files?: Readonly<Record<string, string>>;
  };
}

export function readPage(code: DiagnosticCode): string {
  return readFileSync(path.join(root, docsOf(code)), 'utf8');
}

/** The code blocks of a section: the one without a file name is the scenario, the others lie beside it. */
export function readExample(page: string, section: string): PageExample {
  const blocksOf = (heading: string): RegExpExecArray[] => {
    const body = new RegExp(`^## ${heading}\n([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, 'm').exec(page)?.[1] ?? '';
    return [...body.matchAll(/^```(\S+) ?(.*)\n([\s\S]*?)^```$/gm)];
  };
  const blocks = [...blocksOf('Files of the examples'), ...blocksOf(section)];
  const files: Record<string, string> = {};
  let example: PageExample | undefined;
  for (const [, , info = '', content = ''] of blocks) {
    const [, name, value] = /^set ([\w-]+)=(\S+)$/.exec(info) ?? [];
    if (name !== undefined) example = { text: content, options: { set: { [name]: value ?? '' } } };
    else if (info === '') example = { text: content, options: {} };
    else files[info] = content;
  }
  assert.ok(example, `no example under "${section}"`);
  return { text: example.text, options: { ...example.options, files } };
}
