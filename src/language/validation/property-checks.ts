/** Properties (`name value`): is there one of that name here, and does its value fit? */
import { BLOCKS } from '../../contract/catalog/blocks.ts';
import { nearest } from '../../contract/nearest.ts';
import {
  isProperty,
  type BackendBlock,
  type Benchmark,
  type Block,
  type Compare,
  type DatasetBlock,
  type Launch,
  type LoadBlock,
  type MapEntry,
  type MonitorBlock,
  type Property,
  type Search,
  type Sweep,
} from '../ast.ts';
import {
  blockKindOf,
  catalogEntryOf,
  propertyEntries,
  type PropertyEntry,
  type PropertyType,
} from '../schema/property-entry.ts';
import { coerce, describeType, mismatch } from '../values/coerce.ts';
import { evaluate } from '../values/evaluate.ts';
import { listed } from '../values/wording.ts';
import type { Check, CheckContext } from './check.ts';

export const checkProperty: Check<Property> = (property, context) => {
  const { report } = context;
  if (property.name === undefined) return;
  if (isOnLaterLine(property)) {
    report('BENCH3014', { node: property, property: 'name' }, { name: property.name });
    return;
  }
  const kind = blockKindOf(property.$container);
  const entry = propertyEntries(property.$container).get(property.name);
  if (kind === undefined) evaluate(property.value, context.environment, report);
  else if (entry === undefined) reportUnknown(property, context);
  else checkValue(property, entry, context);
};

/** `url` with nothing after it would otherwise take the first word of the next line for its value. */
function isOnLaterLine(property: Property): boolean {
  const name = property.$cstNode?.range.start.line;
  const value = property.value?.$cstNode?.range.start.line;
  return name !== undefined && value !== undefined && value > name;
}

/** Names of properties and of headers, each once in a block. */
export const checkEntriesOnce: Check<BlockOfEntries> = (block, { report }) => {
  const seen = new Set<string>();
  for (const entry of 'items' in block ? block.items : block.entries) {
    const isHeader = entry.$type === 'MapEntry';
    if (entry.$type !== 'Property' && !isHeader) continue;
    const name = isHeader ? entry.key : entry.name;
    const key = isHeader ? `"${entry.key?.toLowerCase()}"` : name;
    if (name === undefined || key === undefined) continue;
    if (seen.has(key)) report('BENCH4006', { node: entry, property: isHeader ? 'key' : 'name' }, { name });
    seen.add(key);
  }
};

type BlockOfEntries =
  BackendBlock | DatasetBlock | LoadBlock | MonitorBlock | Launch | Benchmark | Sweep | Search | Compare | Block;

function reportUnknown(property: Property, { report, environment }: CheckContext): void {
  const { $container: container, name } = property;
  const kind = blockKindOf(container);
  const catalog = catalogEntryOf(container);
  evaluate(property.value, environment, report);
  // Without a known protocol or source nobody can tell which options there are; that it is missing is said elsewhere.
  const isPlugged = kind === 'backend' || kind === 'dataset' || kind === 'monitor';
  if (kind === undefined || (isPlugged && catalog === undefined)) return;
  const known = [...Object.keys(BLOCKS[kind]), ...propertyEntries(container).keys()];
  const where = catalog === undefined ? `\`${kind}\`` : `A ${kind} ${WITH[kind] ?? ''}\`${catalog.id}\``;
  report('BENCH4004', { node: property, property: 'name' }, { name, where, suggestion: nearest(name, known) });
}

const WITH: Readonly<Record<string, string>> = { backend: 'with protocol ', dataset: 'from ', monitor: 'from ' };

function checkValue(property: Property, entry: PropertyEntry, context: CheckContext): void {
  const { report } = context;
  const { name, value, block } = property;
  if (entry.unavailable === true) report('BENCH4011', { node: property, property: 'name' }, { what: `\`${name}\`` });
  if (entry.type.kind === 'block') {
    if (value !== undefined) report('BENCH3002', { node: value }, { expected: 'a block in braces', actual: 'a value' });
    else if (block !== undefined && entry.type.block !== 'headers') checkNoMapEntries(block, name, context);
    return;
  }
  if (block !== undefined) {
    report('BENCH3002', { node: block }, { expected: describePropertyType(entry.type), actual: 'a block' });
    return;
  }
  if (value !== undefined) checkTyped(property, entry.type, context);
}

function checkTyped({ name, value }: Property, type: PropertyType, context: CheckContext): void {
  if (value === undefined) return;
  const { report, environment } = context;
  const placeholders = type.kind === 'text' ? type.placeholders : undefined;
  const result = evaluate(value, environment, report, placeholders);
  if (result === undefined || type.kind === 'name-of' || type.kind === 'id-of' || type.kind === 'block') return;
  if (type.kind === 'secret') {
    if (result.kind === 'text') report('BENCH8001', { node: value }, { what: `\`${name}\`` });
    else if (result.kind !== 'secret') mismatch(result, 'a secret such as `secret("API_KEY")`', value, report);
    return;
  }
  const forms = TEXT_FORMS[name];
  if (forms === undefined || type.kind !== 'choice') {
    coerce(result, type, value, report);
    return;
  }
  const word = result.kind === 'word' ? result.word : result.kind === 'labelled' ? result.label : undefined;
  const isKnown = word !== undefined && word in type.choices;
  if (!isKnown) {
    if (word === undefined) mismatch(result, describeType(type), value, report);
    else
      report('BENCH3010', value.$type === 'NamedText' ? { node: value, property: 'label' } : { node: value }, {
        name: word,
        choices: listed(Object.keys(type.choices)),
        suggestion: nearest(word, Object.keys(type.choices)),
      });
  } else if (forms.includes(word) !== (result.kind === 'labelled')) {
    const expected = forms.includes(word) ? `\`${word}\` with a text in quotes` : `\`${word}\` alone`;
    report(
      'BENCH3002',
      { node: value },
      { expected, actual: result.kind === 'labelled' ? 'one with a text' : 'a bare word' },
    );
  }
}

/** Choices that some of their words take a text after: `tokenizer file "./tokenizer.json"`. */
const TEXT_FORMS: Readonly<Record<string, readonly string[]>> = { tokenizer: ['file', 'tiktoken'], via: ['ssh'] };

function describePropertyType(type: PropertyType): string {
  if (type.kind === 'secret') return 'a secret such as `secret("API_KEY")`';
  return type.kind === 'name-of' || type.kind === 'id-of' || type.kind === 'block' ? 'a name' : describeType(type);
}

function checkNoMapEntries(block: Block, name: string, { report }: CheckContext): void {
  for (const entry of block.entries)
    if (!isProperty(entry))
      report('BENCH4004', { node: entry, property: 'key' }, { name: entry.key, where: `\`${name}\`` });
}

/** A header: a text, or a secret; one that smells of a key must be a secret. */
export const checkHeader: Check<MapEntry> = (entry, { report, environment }) => {
  if (entry.value === undefined) return;
  const value = evaluate(entry.value, environment, report);
  if (value === undefined || value.kind === 'secret') return;
  if (value.kind !== 'text') mismatch(value, 'a text in quotes or a secret', entry.value, report);
  else if (/^(proxy-)?authorization$|api[-_]?key|token|secret|password|cookie/i.test(entry.key))
    report('BENCH8001', { node: entry.value }, { what: `The header \`${entry.key}\`` });
};
