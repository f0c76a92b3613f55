/** Files that a scenario names: are they there, and of the right shape? Slow checks: they read the disk, and never more than a part of a file. */
import type { AstNode } from 'langium';
import { findDataset } from '../../contract/catalog/datasets.ts';
import { followJsonPath, jsonPathProblem, parseJsonPath } from '../../contract/json-path.ts';
import { isDataset, isDatasetBlock, type From, type Limit, type Property } from '../ast.ts';
import { decodeText } from '../file-system.ts';
import { datasetItems } from '../schema/bodies.ts';
import { findPropertyEntry, type PropertyType } from '../schema/property-entry.ts';
import { Settings } from '../schema/settings.ts';
import { resolveFile } from '../values/coerce.ts';
import { evaluate } from '../values/evaluate.ts';
import type { Check, CheckContext } from './check.ts';

/** Enough to find the first bad line of most files, and little enough to read on every save. */
const READ_BYTES = 4_000_000;
/** Entries in which a path is looked for before it is said to match nothing. */
const PROBED_ENTRIES = 100;

export const checkPropertyFile: Check<Property> = async (property, context) => {
  const { value } = property;
  if (value === undefined) return;
  const type = findPropertyEntry(property)?.type;
  const result = evaluate(value, context.environment, () => undefined);
  const isTokenizer = property.name === 'tokenizer' && result?.kind === 'labelled' && result.label === 'file';
  const isFile = result?.kind === 'text' && type !== undefined && isSingleFile(type);
  if (isTokenizer || isFile) await findFile(result.text, value, context);
};

export const checkBaselineFile: Check<Limit> = async ({ baseline }, context) => {
  const result = evaluate(baseline, context.environment, () => undefined);
  if (baseline !== undefined && result?.kind === 'text') await findFile(result.text, baseline, context);
};

export const checkDatasetFile: Check<From> = async (from, context) => {
  const block = from.$container;
  if (!isDatasetBlock(block) || from.argument === undefined) return;
  const argument = findDataset(from.source ?? '')?.argument;
  const result = evaluate(from.argument, context.environment, () => undefined);
  if (argument === undefined || !isSingleFile(argument.type) || result?.kind !== 'text') return;
  const path = await findFile(result.text, from.argument, context);
  if (path === undefined) return;
  if (from.source === 'sharegpt') await checkShareGpt(path, result.text, from.argument, context);
  if (from.source === 'jsonl') {
    const settings = new Settings(datasetItems(isDataset(block.$container) ? block.$container : block));
    await checkJsonLines(path, result.text, from.argument, settings, context);
  }
};

/** A glob names no single file. */
function isSingleFile(type: PropertyType): boolean {
  return type.kind === 'file' && type.glob !== true;
}

/** The absolute path of a file that exists; says so where it does not. */
async function findFile(text: string, node: AstNode, { files, report }: CheckContext): Promise<string | undefined> {
  const path = resolveFile(text, node);
  const status = await files.stat(path);
  if (status?.kind === 'file') return path;
  if (status === undefined) report('BENCH9001', { node }, { path: text });
  else report('BENCH9003', { node }, { path: text, why: 'it is a directory' });
  return undefined;
}

interface Beginning {
  readonly text: string;
  readonly isWhole: boolean;
}

async function readBeginning(
  path: string,
  shown: string,
  node: AstNode,
  { files, report }: CheckContext,
): Promise<Beginning | undefined> {
  try {
    const bytes = await files.read(path, READ_BYTES);
    return { text: decodeText(bytes), isWhole: bytes.length < READ_BYTES };
  } catch {
    report('BENCH9003', { node }, { path: shown, why: 'this user may not read it' });
    return undefined;
  }
}

async function checkShareGpt(path: string, shown: string, node: AstNode, context: CheckContext): Promise<void> {
  const beginning = await readBeginning(path, shown, node, context);
  if (beginning === undefined) return;
  const malformed = (line: number, problem: string): void =>
    context.report('BENCH9002', { node }, { path: shown, line, problem });
  const { text, isWhole } = beginning;
  const isLines = !text.trimStart().startsWith('[');
  if (isLines) {
    const entries = parseLines(beginning, malformed);
    if (entries !== undefined && !entries.some(isConversation)) malformed(1, EXPECTED_CONVERSATION);
    return;
  }
  // A list cut off in the middle cannot be parsed; the run reads it as a stream.
  if (!isWhole) return;
  try {
    const entries: unknown = JSON.parse(text);
    if (!Array.isArray(entries) || !entries.some(isConversation)) malformed(1, EXPECTED_CONVERSATION);
  } catch (thrown) {
    malformed(lineOfJsonError(text, thrown), 'it is not JSON');
  }
}

const EXPECTED_CONVERSATION =
  'expected conversations such as `{ "conversations": [{ "from": "human", "value": "…" }] }`';

function isConversation(entry: unknown): boolean {
  if (typeof entry !== 'object' || entry === null) return false;
  return ['conversations', 'conversation', 'messages'].some((key) =>
    Array.isArray((entry as Record<string, unknown>)[key]),
  );
}

function lineOfJsonError(text: string, thrown: unknown): number {
  const message = thrown instanceof Error ? thrown.message : '';
  const line = /line (\d+)/.exec(message)?.[1];
  const position = /position (\d+)/.exec(message)?.[1];
  if (line !== undefined) return Number(line);
  return text.slice(0, position === undefined ? text.length : Number(position)).split('\n').length;
}

async function checkJsonLines(
  path: string,
  shown: string,
  node: AstNode,
  settings: Settings,
  context: CheckContext,
): Promise<void> {
  const beginning = await readBeginning(path, shown, node, context);
  if (beginning === undefined) return;
  const entries = parseLines(beginning, (line, problem) =>
    context.report('BENCH9002', { node }, { path: shown, line, problem }),
  );
  if (entries === undefined) return;
  const options = findDataset('jsonl')?.options ?? {};
  for (const name of ['prompt', 'output-field']) {
    const property = settings.get(name);
    const value = property?.value ?? context.parseValue(options[name]?.defaultText ?? '');
    const result = evaluate(value, context.environment, () => undefined);
    const jsonpath = result?.kind === 'text' && jsonPathProblem(result.text) === undefined ? result.text : undefined;
    const steps = jsonpath === undefined ? undefined : parseJsonPath(jsonpath);
    if (jsonpath === undefined || steps === undefined) continue;
    const probed = entries.slice(0, PROBED_ENTRIES);
    if (probed.length === 0 || probed.some((entry) => followJsonPath(entry, steps) !== undefined)) continue;
    const fields = Object.keys(probed[0] ?? {});
    context.report(
      'BENCH9004',
      { node: property?.value ?? node },
      { jsonpath, path: shown, fields: fields.map((field) => `\`${field}\``).join(', ') },
    );
  }
}

/** The objects, one a line; `undefined` after saying which line is none. */
function parseLines(
  { text, isWhole }: Beginning,
  malformed: (line: number, problem: string) => void,
): Record<string, unknown>[] | undefined {
  const lines = text.split('\n');
  if (!isWhole) lines.pop();
  const entries: Record<string, unknown>[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const entry = parseObject(line);
    if (entry === undefined) {
      malformed(index + 1, 'expected one JSON object per line');
      return undefined;
    }
    entries.push(entry);
  }
  if (entries.length > 0 || !isWhole) return entries;
  malformed(1, 'the file has no entries');
  return undefined;
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
