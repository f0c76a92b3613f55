/** Secrets are names in the plan; their values are found here, when a run starts, and are kept out of everything that is written. */
import { env } from 'node:process';
import { RunError } from '../../contract/errors.ts';
import type { RunPlan } from '../../contract/plan.ts';

/** By name. */
export type Secrets = Readonly<Record<string, string>>;

/** Names of all secrets the plan refers to, wherever in it. */
export function secretNamesOf(plan: RunPlan): readonly string[] {
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { kind, name } = value as { kind?: unknown; name?: unknown };
    if (kind === 'secret' && typeof name === 'string') names.add(name);
    else Object.values(value).forEach(visit);
  };
  visit(plan);
  return [...names];
}

/**
 * The value of each secret of the plan: as given, else from the environment.
 *
 * @throws RunError RUN_SECRET_MISSING, naming the secrets
 */
export function resolveSecrets(
  plan: RunPlan,
  given: Secrets,
  environment: Readonly<Record<string, string | undefined>> = env,
): Secrets {
  const names = secretNamesOf(plan);
  const values = names.map((name) => [name, given[name] ?? environment[name] ?? ''] as const);
  const missing = values.filter(([, value]) => value === '').map(([name]) => name);
  if (missing.length > 0) {
    throw new RunError(
      'RUN_SECRET_MISSING',
      missing.length === 1
        ? `The secret ${missing[0]} has no value.`
        : `The secrets ${missing.join(', ')} have no value.`,
      {
        hint: `Set the environment variable ${missing.join(', ')}, or store the value in VS Code with “Benchwright: Set Secret”.`,
        location: plan.backend.location,
      },
    );
  }
  const broken = values.find(([, value]) => !/^[\t\x20-\x7e\x80-\xff]*$/.test(value));
  if (broken !== undefined) {
    throw new RunError('RUN_SECRET_MISSING', `The value of the secret ${broken[0]} cannot stand in an HTTP header.`, {
      hint: 'It contains a line break or another character that headers cannot carry. Was it copied whole, without its last line break?',
    });
  }
  return Object.fromEntries(values);
}

/** Shorter values are not secret, and blotting them out would blot out everything. */
const SHORTEST_SECRET = 4;

/** Makes a filter that puts a secret's name where its value stands, also where it stands escaped for JSON or a URL. */
export function createRedactor(secrets: Secrets): (text: string) => string {
  const marks = Object.entries(secrets)
    .filter(([, value]) => value.length >= SHORTEST_SECRET)
    .flatMap(([name, value]) => {
      const forms = new Set([value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), base64Of(value)]);
      return [...forms].map((form) => ({ form, mark: `«secret ${name}»` }));
    })
    .sort((left, right) => right.form.length - left.form.length);
  if (marks.length === 0) return (text) => text;
  return (text) => marks.reduce((redacted, { form, mark }) => redacted.replaceAll(form, mark), text);
}

function base64Of(value: string): string {
  return Buffer.from(value).toString('base64').replace(/=+$/, '');
}
