/** Backends: protocol, what it requires, and keys that would travel in the clear. */
import { AstUtils, type AstNode } from 'langium';
import { BACKENDS, findBackend } from '../../contract/catalog/backends.ts';
import { nearest } from '../../contract/nearest.ts';
import { formatQuantity } from '../../contract/units.ts';
import {
  isBackend,
  isBackendBlock,
  isProperty,
  isProtocol,
  type Abandon,
  type Backend,
  type BackendBlock,
  type Launch,
  type Protocol,
  type Ready,
  type Stop,
} from '../ast.ts';
import { backendItems } from '../schema/bodies.ts';
import { protocolOf } from '../schema/property-entry.ts';
import { Settings } from '../schema/settings.ts';
import { coerce } from '../values/coerce.ts';
import { evaluate } from '../values/evaluate.ts';
import type { EvaluatedValue } from '../values/value.ts';
import { listed } from '../values/wording.ts';
import { plainHttpHost } from '../values/url.ts';
import type { Check, CheckContext } from './check.ts';
import { mayHaveGaps } from './gaps.ts';
import { silent } from './report.ts';

export const checkProtocol: Check<Protocol> = (node, { report }) => {
  if (node.id === undefined) return;
  const entry = findBackend(node.id);
  const ids = BACKENDS.map((each) => each.id);
  if (entry === undefined)
    report('BENCH4001', { node, property: 'id' }, { name: node.id, suggestion: nearest(node.id, ids) });
  else if (entry.unavailable === true)
    report('BENCH4011', { node, property: 'id' }, { what: `Protocol \`${node.id}\`` });
  const block = node.$container;
  if (block.items.find(isProtocol) !== node) report('BENCH4006', { node }, { name: 'protocol' });
};

/** What a backend needs and neither writes nor inherits. */
export function missingInBackend(owner: Backend | BackendBlock): string[] {
  const items = backendItems(owner);
  if (!items.some(isProtocol)) return ['protocol'];
  const entry = protocolOf(owner);
  const settings = new Settings(items);
  return [
    ...(entry?.capabilities.url === 'required' && !settings.has('url') ? ['url'] : []),
    ...(entry?.capabilities.model === 'required' && !settings.has('model') ? ['model'] : []),
  ];
}

export const checkBackendComplete: Check<BackendBlock> = (block, context) => {
  const { $container: container } = block;
  const missing = missingInBackend(isBackend(container) ? container : block);
  if (missing.length === 0 || (isBackend(container) && mayHaveGaps(container))) return;
  const place = isBackend(container) ? { node: container, property: 'name' } : { node: container, keyword: 'on' };
  for (const name of missing) context.report('BENCH4005', place, { what: 'A backend', name });
};

export const checkKeyInTheClear: Check<BackendBlock> = (block, { report, environment }) => {
  const owner = isBackend(block.$container) ? block.$container : block;
  const settings = new Settings(backendItems(owner));
  const url = settings.get('url');
  const secretHeader = settings.entries('headers').find(({ value }) => isSecret(evaluate(value, environment, silent)));
  const key = settings.get('key') ?? secretHeader;
  const isOwn =
    url?.$container === block || (key !== undefined && AstUtils.getContainerOfType(key, isBackendBlock) === block);
  if (url?.value === undefined || !isOwn || key === undefined) return;
  const text = evaluate(url.value, environment, () => undefined);
  const host = text?.kind === 'text' ? plainHttpHost(text.text) : undefined;
  const place = url.$container === block ? url.value : key;
  if (host !== undefined) report('BENCH8002', { node: place }, { host });
};

function isSecret(value: EvaluatedValue | undefined): boolean {
  return value?.kind === 'secret';
}

/** Where both were chosen: a default that never comes does no harm. */
export const checkTimeoutOrder: Check<BackendBlock> = (block, { report, environment }) => {
  const owner = isBackend(block.$container) ? block.$container : block;
  const timeout = new Settings(backendItems(owner)).block('timeout');
  const durationMs = (name: string): number | undefined => {
    const value = evaluate(timeout.get(name)?.value, environment, silent);
    return value?.kind === 'quantity' && value.dimension === 'duration' ? value.value : undefined;
  };
  const totalMs = durationMs('total');
  for (const name of ['connect', 'first-token', 'between-tokens']) {
    const ms = durationMs(name);
    const property = timeout.get(name);
    if (ms === undefined || totalMs === undefined || ms <= totalMs || property === undefined) continue;
    const isOwn = [property, timeout.get('total')].some(
      (each) => each !== undefined && AstUtils.getContainerOfType(each, isBackendBlock) === block,
    );
    if (isOwn)
      report(
        'BENCH4018',
        { node: property },
        { name, value: formatQuantity(ms, 'duration'), total: formatQuantity(totalMs, 'duration') },
      );
  }
};

/** Parts of one engine written under another, which the run refuses. */
export const checkEffect: Check<BackendBlock> = (block, { report, environment, parseValue }) => {
  const owner = isBackend(block.$container) ? block.$container : block;
  const options = protocolOf(owner)?.options;
  if (options === undefined) return;
  const settings = new Settings(backendItems(owner));
  for (const property of block.items) {
    const onlyWith = isProperty(property) ? options[property.name]?.onlyWith : undefined;
    if (!isProperty(property) || onlyWith?.value === undefined) continue;
    const [other = ''] = onlyWith.anyOf;
    const value = settings.get(other)?.value ?? parseValue(options[other]?.defaultText ?? '');
    const result = evaluate(value, environment, () => undefined);
    if (result?.kind !== 'word' || result.word === onlyWith.value) continue;
    report(
      'BENCH4019',
      { node: property, property: 'name' },
      { name: property.name, needs: `${other} ${onlyWith.value}` },
    );
  }
};

export const checkIgnoreEos: Check<BackendBlock> = (block, { report }) => {
  const entry = protocolOf(isBackend(block.$container) ? block.$container : block);
  if (entry === undefined || entry.capabilities.ignoreEos) return;
  const sampling = block.items.filter(isProperty).filter((property) => property.name === 'sampling');
  for (const option of sampling.flatMap((property) => property.block?.entries ?? []))
    if (isProperty(option) && option.name === 'ignore-eos')
      report('BENCH4012', { node: option, property: 'name' }, { protocol: entry.id, option: 'ignore-eos' });
};

export const checkLaunch: Check<Launch> = (launch, { report }) => {
  if (!new Settings(launch.items).has('command'))
    report('BENCH4005', { node: launch, keyword: 'launch' }, { what: '`launch`', name: 'command' });
};

export const checkReady: Check<Ready> = (ready, context) => {
  checkWord(ready, 'probe', ready.probe, ['http'], context);
  checkDuration(ready, ready.within, context);
};

export const checkStop: Check<Stop> = (stop, context) => {
  checkWord(stop, 'signal', stop.signal, ['sigterm', 'sigint', 'sigkill'], context);
  checkDuration(stop, stop.within, context);
};

export const checkAbandon: Check<Abandon> = (abandon, { report, environment }) => {
  const { share, after } = abandon;
  if (share !== undefined)
    coerce(
      evaluate(share, environment, report),
      { kind: 'quantity', dimension: 'ratio', min: 0, max: 1 },
      share,
      report,
    );
  if (after !== undefined)
    coerce(evaluate(after, environment, report), { kind: 'quantity', dimension: 'duration' }, after, report);
};

function checkWord(
  node: AstNode,
  property: string,
  word: string | undefined,
  words: readonly string[],
  { report }: CheckContext,
): void {
  if (word !== undefined && !words.includes(word))
    report('BENCH3010', { node, property }, { name: word, choices: listed(words), suggestion: nearest(word, words) });
}

function checkDuration(_node: AstNode, value: Ready['within'], { report, environment }: CheckContext): void {
  if (value !== undefined)
    coerce(evaluate(value, environment, report), { kind: 'quantity', dimension: 'duration', min: 0 }, value, report);
}
