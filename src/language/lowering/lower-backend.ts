import { DEFAULT_TIMEOUTS, type BackendPlan, type LaunchPlan, type TokenizerPlan } from '../../contract/plan.ts';
import { isBackend, isLaunch, isReady, isStop, type Backend, type BackendBlock, type BackendItem } from '../ast.ts';
import { docOf } from '../documentation.ts';
import { backendItems } from '../schema/bodies.ts';
import { protocolOf } from '../schema/property-entry.ts';
import { Settings } from '../schema/settings.ts';
import { resolveFile } from '../values/coerce.ts';
import { defined, locationOf, type Lowering } from './lowering.ts';

export const DEFAULT_STOP = { signal: 'SIGTERM', withinMs: 30_000 } as const;
export const DEFAULT_READY_WITHIN_MS = 5 * 60_000;

export function lowerBackend(owner: Backend | BackendBlock, name: string, lowering: Lowering): BackendPlan | undefined {
  const entry = protocolOf(owner);
  if (entry === undefined) return undefined;
  const items = backendItems(owner);
  const settings = lowering.settings(owner, items);
  if (entry.unavailable === true) lowering.uses.add(`backend.${entry.id}`);
  const profile = lowering.evaluate(settings.get('profile')?.value);
  if (profile !== undefined) lowering.uses.add('profile');
  return defined<BackendPlan>({
    name,
    doc: docOf(owner),
    location: locationOf(owner, isBackend(owner) ? 'name' : undefined),
    protocol: entry.id,
    url: lowering.coerce(settings.get('url')?.value, { kind: 'url' }) as string | undefined,
    model: lowering.text(settings.get('model')),
    key: lowering.secret(settings.get('key')?.value),
    tls: lowerTls(settings, lowering),
    headers: lowerHeaders(settings, lowering),
    sampling: lowerSampling(settings.block('sampling'), lowering),
    timeouts: lowerTimeouts(settings.block('timeout'), lowering),
    tokenizer: lowerTokenizer(settings, lowering),
    gpus: lowering.number(settings.get('gpus')),
    price: lowerPrice(settings, lowering),
    launch: lowerLaunch(items, lowering),
    profile: profile?.kind === 'word' ? profile.word : undefined,
    contextTokens: lowering.quantity(settings.get('context')?.value, 'tokens'),
    options: lowering.options(entry.options, settings),
  });
}

function lowerHeaders(settings: Settings, lowering: Lowering): BackendPlan['headers'] {
  const headers: Record<string, BackendPlan['headers'][string]> = {};
  for (const { key, value } of settings.entries('headers')) {
    const header = lowering.secret(value) ?? (lowering.coerce(value, { kind: 'text' }) as string | undefined);
    if (header !== undefined) headers[key] = header;
  }
  return headers;
}

function lowerTls(settings: Settings, lowering: Lowering): BackendPlan['tls'] {
  if (!settings.has('tls')) return undefined;
  const tls = settings.block('tls');
  return defined<NonNullable<BackendPlan['tls']>>({
    verify: (lowering.coerce(tls.get('verify')?.value, { kind: 'flag' }) as boolean | undefined) ?? true,
    caFile: lowering.coerce(tls.get('ca')?.value, { kind: 'file', extensions: ['pem', 'crt'] }) as string | undefined,
  });
}

function lowerSampling(sampling: Settings, lowering: Lowering): BackendPlan['sampling'] {
  return defined<BackendPlan['sampling']>({
    temperature: lowering.number(sampling.get('temperature')),
    topP: lowering.number(sampling.get('top-p')),
    topK: lowering.number(sampling.get('top-k')),
    seed: lowering.number(sampling.get('seed')),
    ignoreEos: lowering.coerce(sampling.get('ignore-eos')?.value, { kind: 'flag' }) as boolean | undefined,
  });
}

function lowerTimeouts(timeout: Settings, lowering: Lowering): BackendPlan['timeouts'] {
  const duration = (name: string, defaultMs: number): number =>
    lowering.quantity(timeout.get(name)?.value, 'duration') ?? defaultMs;
  return {
    connectMs: duration('connect', DEFAULT_TIMEOUTS.connectMs),
    firstTokenMs: duration('first-token', DEFAULT_TIMEOUTS.firstTokenMs),
    betweenTokensMs: duration('between-tokens', DEFAULT_TIMEOUTS.betweenTokensMs),
    totalMs: duration('total', DEFAULT_TIMEOUTS.totalMs),
  };
}

function lowerTokenizer(settings: Settings, lowering: Lowering): TokenizerPlan {
  const property = settings.get('tokenizer');
  const value = lowering.evaluate(property?.value);
  if (value?.kind === 'word' && value.word === 'none') return { kind: 'none' };
  if (value?.kind !== 'labelled' || property === undefined) return { kind: 'server' };
  if (value.label === 'file') return { kind: 'file', path: resolveFile(value.text, property) };
  lowering.uses.add('tokenizer.tiktoken');
  return { kind: 'tiktoken', encoding: value.text };
}

function lowerPrice(settings: Settings, lowering: Lowering): BackendPlan['price'] {
  if (!settings.has('price')) return undefined;
  const price = settings.block('price');
  return defined<NonNullable<BackendPlan['price']>>({
    usdPerGpuHour: lowering.quantity(price.get('gpu-hour')?.value, 'money'),
    usdPerInputToken: lowering.quantity(price.get('input')?.value, 'price-per-token'),
    usdPerOutputToken: lowering.quantity(price.get('output')?.value, 'price-per-token'),
  });
}

function lowerLaunch(items: readonly BackendItem[], lowering: Lowering): LaunchPlan | undefined {
  const parts = items.filter(isLaunch).flatMap((launch) => launch.items);
  const command = lowering.text(new Settings(parts).get('command'));
  if (command === undefined) return undefined;
  lowering.uses.add('launch');
  const ready = parts.findLast(isReady);
  const stop = parts.findLast(isStop);
  const httpPath = lowering.coerce(ready?.path, { kind: 'text' }) as string | undefined;
  return defined<LaunchPlan>({
    command,
    ready:
      httpPath === undefined
        ? undefined
        : { httpPath, withinMs: lowering.quantity(ready?.within, 'duration') ?? DEFAULT_READY_WITHIN_MS },
    stop: {
      signal: stop?.signal?.toUpperCase() ?? DEFAULT_STOP.signal,
      withinMs: lowering.quantity(stop?.within, 'duration') ?? DEFAULT_STOP.withinMs,
    },
  });
}
