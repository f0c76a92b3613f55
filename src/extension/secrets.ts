/**
 * Values of the secrets that plans name: from VS Code's secret storage, else from the environment, else asked for. They are
 * handed to the runner in its start message and kept nowhere else.
 */
import * as vscode from 'vscode';
import { RunError } from '../contract/errors.ts';

const PREFIX = 'benchwright.secret.';
/** Secret storage cannot be listed, so the names (never values) are kept beside it. */
const NAMES_KEY = 'benchwright.secretNames';
const NAME_PATTERN = /^[A-Za-z_][A-Za-z0-9_]*$/;

export class SecretVault {
  readonly #storage: vscode.SecretStorage;
  readonly #names: vscode.Memento;
  readonly #env: NodeJS.ProcessEnv;

  constructor(storage: vscode.SecretStorage, names: vscode.Memento, env: NodeJS.ProcessEnv) {
    this.#storage = storage;
    this.#names = names;
    this.#env = env;
  }

  get names(): readonly string[] {
    return this.#names.get<readonly string[]>(NAMES_KEY, []);
  }

  /** Values the runner cannot find in its environment by itself. @throws RunError RUN_SECRET_MISSING that names the secret. */
  async values(names: readonly string[], benchmark: string): Promise<Readonly<Record<string, string>>> {
    const values: Record<string, string> = {};
    for (const name of names) {
      const stored = await this.#storage.get(PREFIX + name);
      if (stored !== undefined) values[name] = stored;
      else if (!this.#env[name]) values[name] = await this.#askFor(name, benchmark);
    }
    return values;
  }

  async set(name: string, value: string): Promise<void> {
    await this.#storage.store(PREFIX + name, value);
    await this.#names.update(NAMES_KEY, [...new Set([...this.names, name])].sort());
  }

  async forget(name: string): Promise<void> {
    await this.#storage.delete(PREFIX + name);
    await this.#names.update(
      NAMES_KEY,
      this.names.filter((each) => each !== name),
    );
  }

  async #askFor(name: string, benchmark: string): Promise<string> {
    const value = await askForValue(
      name,
      `${benchmark} needs the secret ${name}. It is kept in VS Code's secret storage, and nowhere else.`,
    );
    if (value === undefined)
      throw new RunError('RUN_SECRET_MISSING', `The secret ${name} has no value, so ${benchmark} was not run.`, {
        hint: `Set it with "Benchwright: Set Secret…", or in the environment variable ${name}.`,
      });
    await this.set(name, value);
    return value;
  }
}

export async function askForName(known: readonly string[]): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: 'Set Secret',
    prompt: `Name of the secret, as in key secret("NAME")${known.length === 0 ? '' : `. Known: ${known.join(', ')}`}`,
    placeHolder: 'OPENAI_API_KEY',
    ignoreFocusOut: true,
    validateInput: (text) =>
      NAME_PATTERN.test(text) ? undefined : 'A name has letters, digits and _, and does not begin with a digit.',
  });
}

export async function askForValue(name: string, prompt: string): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: `Secret ${name}`,
    prompt,
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (text === '' ? 'The value cannot be empty.' : undefined),
  });
}
