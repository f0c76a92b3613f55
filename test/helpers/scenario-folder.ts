/** A folder of its own with a scenario in it, and what a run left there. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { RequestRecord } from '../../src/contract/outcome.ts';
import type { ReportData } from '../../src/contract/report.ts';

export interface ScenarioFolder {
  readonly path: string;
  /** Absolute path of the scenario. */
  readonly file: string;
  write(name: string, text: string): string;
}

/** Removed after the test. */
export function scenarioFolder(t: TestContext, scenario: string): ScenarioFolder {
  const folder = mkdtempSync(path.join(tmpdir(), 'benchwright-cli-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string): string => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  return { path: folder, file: write('chat.bench', scenario), write };
}

/** A backend, twenty short requests (by users: no busy machine makes that invalid), one limit. `changes` replaces whole lines of it by their first word. */
export function smallScenario(url: string, changes: Readonly<Record<string, string>> = {}): string {
  const line = (word: string, text: string): string => changes[word] ?? text;
  return `
backend server {
  protocol openai.chat
  url "${url}"
  model "m"
  ${line('key', '')}
  ${line('timeout', 'timeout { connect 1 s  first-token 1 s  between-tokens 500 ms  total 3 s }')}
}
dataset prompts { ${line('from', 'from random  input 8 tokens')}  output 4 tokens }
sla reliable { error-rate < 1 % }
benchmark test {
  on server
  send prompts
  load { ${line('stage', 'stage short { users 4 for 20 requests }')}  drain 2 s }
  expect reliable
}
`;
}

/** Result directories, oldest first. */
export function resultDirectories(file: string): readonly string[] {
  const parent = `${file}.results`;
  return readdirSync(parent, { withFileTypes: true })
    .filter((each) => each.isDirectory())
    .map((each) => path.join(parent, each.name))
    .sort();
}

export function onlyResult(file: string): string {
  const [first, ...others] = resultDirectories(file);
  if (first === undefined || others.length > 0) throw new Error(`${others.length + 1} results in ${file}.results`);
  return first;
}

export function readReport(directory: string): ReportData {
  return JSON.parse(readFileSync(path.join(directory, 'report.json'), 'utf8')) as ReportData;
}

export function readRequests(directory: string): readonly RequestRecord[] {
  return readFileSync(path.join(directory, 'requests.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RequestRecord);
}

/** Every file below a folder, with its bytes as Latin-1: for looking whether something is in one of them. */
export function filesBelow(folder: string): readonly { readonly path: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => path.join(each.parentPath, each.name))
    .map((file) => ({ path: file, text: readFileSync(file, 'latin1') }));
}
