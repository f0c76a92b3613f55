/** The headers of every request to one backend: made and checked once. */
import { RunError } from '../../../contract/errors.ts';
import type { BackendPlan, SecretReference } from '../../../contract/plan.ts';
import { VERSION } from '../../../contract/version.ts';

/** The transport's own; a scenario that sets them would break it. */
const TRANSPORT_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Lower-case names. What the scenario says wins. @throws RunError RUN_SECRET_MISSING, RUN_PLAN_UNREADABLE */
export function requestHeaders(
  plan: BackendPlan,
  secrets: Readonly<Record<string, string>>,
  accept: string,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept,
    'user-agent': `benchwright/${VERSION}`,
  };
  if (plan.key !== undefined) {
    const key = secretValue(plan.key, secrets);
    // No key, no header: an empty one would go out as "Bearer " and be refused for the wrong reason.
    if (key !== '') headers['authorization'] = `Bearer ${key}`;
  }
  for (const [name, value] of Object.entries(plan.headers)) {
    const lowerName = name.toLowerCase();
    if (!HEADER_NAME.test(name) || TRANSPORT_HEADERS.has(lowerName))
      throw new RunError('RUN_PLAN_UNREADABLE', `The header "${name}" of backend ${plan.name} cannot be set.`);
    headers[lowerName] = typeof value === 'string' ? checked(value, `header "${name}"`) : secretValue(value, secrets);
  }
  return Object.freeze(headers);
}

function secretValue(reference: SecretReference, secrets: Readonly<Record<string, string>>): string {
  const value = Object.hasOwn(secrets, reference.name) ? secrets[reference.name] : undefined;
  if (value === undefined)
    throw new RunError('RUN_SECRET_MISSING', `The secret ${reference.name} has no value.`, {
      hint: `Set the environment variable ${reference.name}.`,
    });
  return checked(value, `secret ${reference.name}`);
}

/** Never names the value: it may be a secret. */
function checked(value: string, what: string): string {
  if (!HEADER_VALUE.test(value))
    throw new RunError('RUN_PLAN_UNREADABLE', `The value of ${what} cannot go into an HTTP header.`, {
      hint: 'It holds a line break or another control character, or a letter outside Latin-1.',
    });
  return value;
}
