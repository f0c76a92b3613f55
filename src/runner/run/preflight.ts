/**
 * What can be checked before load is sent: is the server there, does it know the model and the key, has this machine enough file
 * descriptors, ports and memory for the plan. What would spoil the run stops it, with the remedy; the rest is noted in the record.
 */
import { RunError } from '../../contract/errors.ts';
import { nearest } from '../../contract/nearest.ts';
import type { BackendPlan, RunPlan } from '../../contract/plan.ts';
import type { EnvironmentData, PreflightCheck } from '../../contract/record.ts';
import type { Backend } from '../backends/backend.ts';
import { httpOriginOf, isLoopback } from '../platform/http-route.ts';
import type { MachineLimits } from '../platform/machine.ts';
import { ProbeTimeoutError, type ProbeAnswer } from '../platform/probe.ts';
import { concurrencyOf } from './phases.ts';

export interface PreflightParts {
  /** With the backend's address in `url`. */
  readonly plan: RunPlan;
  /** The proxy in front of the server, without credentials, where the environment names one. */
  readonly proxyUrl?: string;
  readonly backend: Backend;
  readonly limits: MachineLimits;
  readonly probe: (path: string) => Promise<ProbeAnswer>;
  /** Sends one short request as the run would; resolves to what the server said against it, `undefined` if it answered. */
  readonly tryRequest: () => Promise<string | undefined>;
}

export interface PreflightResult {
  readonly checks: readonly PreflightCheck[];
  readonly engine: NonNullable<EnvironmentData['engine']>;
}

/** @throws RunError RUN_BACKEND_UNREACHABLE, RUN_BACKEND_REFUSED, RUN_MODEL_UNKNOWN, RUN_LIMIT_TOO_LOW */
export async function preflight(parts: PreflightParts): Promise<PreflightResult> {
  const limits = checkLimits(parts.plan, parts.limits);
  const { checks, engine } = await checkServer(parts);
  return { checks: [...limits, ...wayChecks(parts), ...checks], engine };
}

/** A server of this machine that is slow to take connections loses those beyond the backlog; clients see them as slow by whole seconds. */
function backlogCheck(
  { backend }: RunPlan,
  { listenBacklog }: MachineLimits,
  connections: number,
): PreflightCheck | undefined {
  if (listenBacklog === undefined || connections <= listenBacklog || backend.url === undefined) return undefined;
  if (!isLoopback(httpOriginOf(backend.url).hostname)) return undefined;
  return {
    ...failed(
      'backlog',
      `${connections} connections expected, and a server of this machine may keep ${listenBacklog} waiting.`,
    ),
    hint: `Where it takes them slowly, some are lost and tried again a second later: sysctl -w net.core.somaxconn=${2 ** Math.ceil(Math.log2(connections))}, and as large a backlog in the server.`,
  };
}

/** What lies between this machine and the server that a reader of the figures must know. */
function wayChecks({ plan, proxyUrl }: PreflightParts): readonly PreflightCheck[] {
  const { url, tls } = plan.backend;
  const { host, hostname, protocol } = new URL(url as string);
  const checks: PreflightCheck[] = [];
  if (proxyUrl !== undefined)
    checks.push({
      ...failed('proxy', `Requests go through the proxy ${proxyUrl}, which the environment names.`),
      hint: `Its delays are part of every latency; NO_PROXY=${hostname} goes around it.`,
    });
  if (tls?.verify === false && protocol === 'https:')
    checks.push({
      ...failed('tls', `The certificate of ${host} was not checked: \`tls { verify off }\`.`),
      hint: 'Name its authority instead: `tls { ca "./authority.pem" }`.',
    });
  return checks;
}

/** Descriptors besides those of connections: files, pipes, the event loops' own. */
const OTHER_DESCRIPTORS = 100;
/** Of the local ports, so many may lie in TIME_WAIT or belong to others. */
const USABLE_PORTS_RATIO = 0.9;
/** Seen per request in flight with prompts of thousands of tokens: the body, the connection, the answer's stamps. */
const BYTES_PER_REQUEST = 128 * 1024;
const BASE_BYTES = 300 * 1024 * 1024;

/** @throws RunError RUN_LIMIT_TOO_LOW */
export function checkLimits(plan: RunPlan, limits: MachineLimits): readonly PreflightCheck[] {
  // Where nothing tells how long requests take, the declared limit is the only bound; without one there is nothing to compare.
  const connections = Math.ceil(Math.max(...concurrencyOf(plan).map((each) => each ?? plan.load.inFlightLimit ?? 0)));
  const isOwnServer = plan.backend.protocol === 'simulator';
  const descriptors = OTHER_DESCRIPTORS + connections * (isOwnServer ? 2 : 1);
  const { openFiles, ephemeralPorts, availableMemoryBytes } = limits;
  if (openFiles !== undefined && descriptors > openFiles) {
    throw new RunError(
      'RUN_LIMIT_TOO_LOW',
      `The plan needs about ${descriptors} open files, and this process may have ${openFiles}.`,
      {
        hint: `Raise the limit first: ulimit -n ${2 ** Math.ceil(Math.log2(descriptors))}`,
        location: plan.source.location,
      },
    );
  }
  if (ephemeralPorts !== undefined && connections > ephemeralPorts * USABLE_PORTS_RATIO) {
    throw new RunError(
      'RUN_LIMIT_TOO_LOW',
      `The plan needs ${connections} connections to one address, and this machine has ${ephemeralPorts} local ports for them.`,
      {
        hint: 'Widen the range first: sysctl -w net.ipv4.ip_local_port_range="1024 65535"',
        location: plan.source.location,
      },
    );
  }
  const backlog = backlogCheck(plan, limits, connections);
  const neededBytes = BASE_BYTES + connections * BYTES_PER_REQUEST;
  const hasMemory = neededBytes <= availableMemoryBytes;
  const checks: PreflightCheck[] = [
    passed('memory', `About ${megabytes(neededBytes)} needed, ${megabytes(availableMemoryBytes)} available.`),
  ];
  if (openFiles !== undefined)
    checks.push(passed('open-files', `About ${descriptors} open files needed, ${openFiles} allowed.`));
  if (ephemeralPorts !== undefined)
    checks.push(passed('ports', `${connections} connections expected, ${ephemeralPorts} local ports.`));
  if (backlog !== undefined) checks.push(backlog);
  return hasMemory ? checks : checks.map((check) => (check.code === 'memory' ? warned(check) : check));
}

async function checkServer(parts: PreflightParts): Promise<PreflightResult> {
  const { plan, backend } = parts;
  const url = plan.backend.url as string;
  const path = backend.probes.modelsPath ?? '/';
  const answer = await parts.probe(path).catch((error: NodeJS.ErrnoException) => {
    if (error instanceof ProbeTimeoutError && error.waitedFor === 'answer') return undefined;
    throw unreachable(plan.backend, error, parts.proxyUrl);
  });
  if (answer === undefined) {
    const check: PreflightCheck = {
      ...failed('reachable', `The server accepts connections, but did not answer GET ${path} in time.`),
      hint: 'It may be busy, or still loading its model.',
    };
    return { checks: [check], engine: { url } };
  }
  const server = firstOf(answer.headers['server']);
  const engine = { url, ...(server === undefined ? {} : { server }) };
  if (answer.status === 401 || answer.status === 403) throw refused(plan.backend, answer.status);
  const reachable = passed('reachable', `${new URL(url).host} answers.`);
  if (answer.status >= 500) {
    const message = `GET ${path} is answered with HTTP ${answer.status}.`;
    return {
      checks: [reachable, { ...failed('healthy', message), hint: 'It may still be loading its model.' }],
      engine,
    };
  }
  const models = backend.probes.modelsPath === undefined ? undefined : modelsOf(answer);
  if (models === undefined)
    return { checks: [reachable, passed('model', 'The server offers no list of models.')], engine };
  return { checks: [reachable, await checkModel(parts, models)], engine: { ...engine, models } };
}

/** Some servers answer to names they do not list (aliases, `:latest`, one model whatever it is called): then one request decides. */
async function checkModel({ plan, tryRequest }: PreflightParts, models: readonly string[]): Promise<PreflightCheck> {
  const { model, location } = plan.backend;
  if (model === undefined) return passed('model', `The server offers ${models.join(', ') || 'no model'}.`);
  if (models.includes(model)) return passed('model', `The server offers ${model}.`);
  const problem = await tryRequest();
  if (problem === undefined) {
    return {
      ...failed(
        'model',
        `The server does not list ${model} (it lists ${models.join(', ') || 'none'}), but answers to that name.`,
      ),
      hint: 'Make sure that it is the model you mean.',
    };
  }
  const close = nearest(model, models);
  throw new RunError('RUN_MODEL_UNKNOWN', `The server does not know the model ${model}: ${problem}`, {
    hint: `It offers ${models.join(', ') || 'none'}.${close === undefined ? '' : ` Did you mean ${close}?`}`,
    location,
  });
}

function modelsOf({ status, text }: ProbeAnswer): readonly string[] | undefined {
  if (status < 200 || status > 299) return undefined;
  try {
    const { data } = JSON.parse(text) as { data?: unknown };
    if (!Array.isArray(data)) return undefined;
    return data.map((each: { id?: unknown } | null) => each?.id).filter((id) => typeof id === 'string');
  } catch {
    return undefined;
  }
}

function refused({ url, key, location }: BackendPlan, status: number): RunError {
  return new RunError('RUN_BACKEND_REFUSED', `${new URL(url as string).host} refuses access (HTTP ${status}).`, {
    hint:
      key === undefined
        ? 'It wants a key: add `key secret("NAME")` to the backend and set that secret.'
        : `Is the secret ${key.name} the right key, and still valid?`,
    location,
  });
}

function unreachable({ url, location }: BackendPlan, error: NodeJS.ErrnoException, proxyUrl?: string): RunError {
  const { host, hostname } = new URL(url as string);
  const code = error.code ?? '';
  const told = (message: string, hint: string): RunError =>
    new RunError('RUN_BACKEND_UNREACHABLE', message, { hint, location, cause: error });
  // Behind a proxy this machine connects to the proxy and to nothing else.
  if (proxyUrl !== undefined && /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENET)/.test(code))
    return told(
      `The proxy ${proxyUrl}, which the environment names, cannot be reached (${code}).`,
      `Is it running, and is this its address? Where ${hostname} can be reached directly, add it to NO_PROXY.`,
    );
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return told(
      `The TLS certificate of ${host} ${code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet'} (${code}).`,
      'Renew it, or set the clock that is wrong; `tls { verify off }` in the backend takes any certificate, and the report says so.',
    );
  if (code === 'ECONNREFUSED')
    return told(
      `Nothing listens at ${host}.`,
      'Is the server running, and is this its address? The backend’s `url` says so.',
    );
  if (code === 'ENOTFOUND' || code.startsWith('EAI_'))
    return told(
      `The host name ${hostname} cannot be resolved (${code}).`,
      'Is it spelt right, and is there a network?',
    );
  if (code === 'PROBE_TIMEOUT' || code === 'ETIMEDOUT')
    return told(
      `No connection to ${host} in time.`,
      'Is there a firewall in between? `timeout { connect … }` sets how long to wait.',
    );
  if (code === 'PROXY_REFUSED')
    return told(
      `The proxy does not let us through to ${host}: ${error.message}.`,
      `HTTPS_PROXY names it; where ${hostname} can be reached directly, add it to NO_PROXY.`,
    );
  if (/CERT|SELF_SIGNED|ERR_TLS|ERR_SSL|UNABLE_TO_/.test(code))
    return told(
      `The TLS connection to ${host} failed (${code}).`,
      code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS_CERT_ALTNAME')
        ? 'Does the server speak https there, with a certificate that is valid for this name?'
        : 'If the certificate is your own, name its authority: `tls { ca "./authority.pem" }` in the backend; `tls { verify off }` takes any, and the report says so.',
    );
  if (code.startsWith('HPE_'))
    return told(`What answers at ${host} is not an HTTP server (${code}).`, 'Is it the right port?');
  return told(
    `${host} cannot be reached: ${code === '' ? error.message : code}.`,
    'Is the server running, and is this its address?',
  );
}

function passed(code: string, message: string): PreflightCheck {
  return { code, ok: true, severity: 'info', message };
}

function failed(code: string, message: string): PreflightCheck {
  return { code, ok: false, severity: 'warning', message };
}

function warned(check: PreflightCheck): PreflightCheck {
  return { ...check, ok: false, severity: 'warning' };
}

function firstOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}

function megabytes(sizeBytes: number): string {
  return `${Math.round(sizeBytes / 1024 / 1024)} MiB`;
}
