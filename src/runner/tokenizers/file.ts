/** A local `tokenizer.json`, as Hugging Face models bring it, with the `tokenizer_config.json` beside it if there is one. */
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { RunError } from '../../contract/errors.ts';
import { readTextFile } from '../platform/read-file.ts';
import type { Tokenizer } from './tokenizer.ts';

const WHAT_IS_EXPECTED = "Give the path of a model's tokenizer.json, as Hugging Face models bring it.";

/** @throws RunError RUN_TOKENIZER_UNUSABLE */
export async function openFileTokenizer(path: string): Promise<Tokenizer> {
  const definition = await readJson(path);
  if (definition === undefined) throw unusable(path, 'there is no such file', WHAT_IS_EXPECTED);
  if (typeof definition['model'] !== 'object' || definition['model'] === null)
    throw unusable(path, 'it has no `model`: it is some other JSON file', WHAT_IS_EXPECTED);
  const config = (await readJson(path.replace(/[^/\\]*$/, 'tokenizer_config.json'))) ?? {};
  try {
    const tokenizer = new HuggingFaceTokenizer(definition, config);
    // Some definitions are refused only when they are first used.
    tokenizer.encode('Hello', { add_special_tokens: false });
    return {
      label: path,
      count: (text) => (text === '' ? 0 : tokenizer.encode(text, { add_special_tokens: false }).ids.length),
    };
  } catch (error) {
    throw unusable(path, (error as Error).message, 'Count with `tokenizer server` instead.', error);
  }
}

/** `undefined` if there is no such file. */
async function readJson(path: string): Promise<Record<string, unknown> | undefined> {
  let text: string;
  try {
    text = await readTextFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw unusable(path, code === 'EISDIR' ? 'it is a folder' : message, WHAT_IS_EXPECTED, error);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    throw unusable(path, `it is not JSON (${(error as Error).message})`, WHAT_IS_EXPECTED, error);
  }
  throw unusable(path, 'it holds no JSON object', WHAT_IS_EXPECTED);
}

function unusable(path: string, why: string, hint: string, cause?: unknown): RunError {
  return new RunError('RUN_TOKENIZER_UNUSABLE', `The tokenizer ${path} cannot be used: ${why}.`, { hint, cause });
}
