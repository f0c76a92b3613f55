/** Files that a scenario names: are they there, and of the right shape? Slow checks: they read the disk, and never more than a part of a file. */
import type { AstNode } from 'langium';
import { findDataset } from '../../contract/catalog/datasets.ts';
import { followJsonPath, jsonPathProblem, parseJsonPath } from '../../contract/json-path.ts';
import { isDataset, isDatasetBlock, type From, type Limit, type Property } from '../ast.ts';
import { datasetItems } from '../schema/bodies.ts';
import { findPropertyEntry, type PropertyType } from '../schema/property-entry.ts';
import { Settings } from '../schema/settings.ts';
import { resolveFile } from '../values/coerce.ts';
import { evaluate } from '../values/evaluate.ts';
import type { Check, CheckContext } from './check.ts';
import { lookAtDataFile, type DataFile, type DataFileKind } from './data-files.ts';

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
  if (from.source === 'sharegpt')
    await lookAt(path, { kind: 'sharegpt', shown: result.text, node: from.argument }, context);
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

/** What the file is; says so where it cannot be read, or which line of it is none. */
async function lookAt(
  path: string,
  { kind, shown, node }: { readonly kind: DataFileKind; readonly shown: string; readonly node: AstNode },
  { files, report }: CheckContext,
): Promise<DataFile | undefined> {
  try {
    const file = await lookAtDataFile(path, kind, files);
    if (file.malformed === undefined) return file;
    report('BENCH9002', { node }, { path: shown, ...file.malformed });
  } catch {
    report('BENCH9003', { node }, { path: shown, why: 'this user may not read it' });
  }
  return undefined;
}

async function checkJsonLines(
  path: string,
  shown: string,
  node: AstNode,
  settings: Settings,
  context: CheckContext,
): Promise<void> {
  const file = await lookAt(path, { kind: 'jsonl', shown, node }, context);
  if (file === undefined) return;
  const options = findDataset('jsonl')?.options ?? {};
  for (const name of ['prompt', 'output-field']) {
    const property = settings.get(name);
    const value = property?.value ?? context.parseValue(options[name]?.defaultText ?? '');
    const result = evaluate(value, context.environment, () => undefined);
    const jsonpath = result?.kind === 'text' && jsonPathProblem(result.text) === undefined ? result.text : undefined;
    const steps = jsonpath === undefined ? undefined : parseJsonPath(jsonpath);
    if (jsonpath === undefined || steps === undefined) continue;
    const { entries: probed } = file;
    if (probed.length === 0 || probed.some((entry) => followJsonPath(entry, steps) !== undefined)) continue;
    const fields = Object.keys(probed[0] ?? {});
    context.report(
      'BENCH9004',
      { node: property?.value ?? node },
      { jsonpath, path: shown, fields: fields.map((field) => `\`${field}\``).join(', ') },
    );
  }
}
