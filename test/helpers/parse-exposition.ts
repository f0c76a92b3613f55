/** A strict reader of Prometheus' text format 0.0.4, written from its description, to hold what we write against. */
import assert from 'node:assert/strict';

export interface Exposition {
  readonly types: ReadonlyMap<string, string>;
  /** The one sample with this name and at least these labels. */
  value(name: string, labels?: Readonly<Record<string, string>>): number;
}

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`);
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/y;

export function parseExposition(text: string): Exposition {
  assert.ok(text.endsWith('\n'), 'the last line ends');
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = new RegExp(`^# (HELP|TYPE) (${NAME}) (.*)$`).exec(line);
    if (comment === null) {
      samples.push(parseSample(line, types));
      continue;
    }
    const [, kind, name = '', rest = ''] = comment;
    if (kind !== 'TYPE') continue;
    assert.ok(['counter', 'gauge', 'histogram'].includes(rest), line);
    assert.ok(!types.has(name), `${name} has one type`);
    types.set(name, rest);
  }
  checkHistograms(samples, types);
  return {
    types,
    value(name, labels = {}) {
      const found = samples.filter(
        (each) => each.name === name && Object.entries(labels).every(([key, value]) => each.labels[key] === value),
      );
      assert.equal(found.length, 1, `${name} ${JSON.stringify(labels)} is there ${found.length} times`);
      return (found[0] as Sample).value;
    },
  };
}

function parseSample(line: string, types: ReadonlyMap<string, string>): Sample {
  const match = SAMPLE.exec(line);
  assert.ok(match, `not a sample: ${line}`);
  const [, name = '', inside = '', valueText = ''] = match;
  const base = name.replace(/_(bucket|sum|count)$/, '');
  assert.ok(types.has(name) || types.get(base) === 'histogram', `${name} comes after its type`);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < inside.length) {
    const label = LABEL.exec(inside);
    assert.ok(label, `labels of ${line}`);
    const [, key = '', escaped = ''] = label;
    labels[key] = escaped.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
  }
  const value = valueText === '+Inf' ? Number.POSITIVE_INFINITY : Number(valueText);
  assert.ok(!Number.isNaN(value), line);
  return { name, labels, value };
}

/** Buckets ascend, their counts do not fall, and the last one is the count. */
function checkHistograms(samples: readonly Sample[], types: ReadonlyMap<string, string>): void {
  for (const [name, type] of types) {
    if (type !== 'histogram') continue;
    const buckets = samples.filter((each) => each.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) =>
      labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']),
    );
    assert.deepEqual(
      bounds,
      bounds.toSorted((left, right) => left - right),
      name,
    );
    assert.equal(bounds.at(-1), Number.POSITIVE_INFINITY, name);
    const counts = buckets.map(({ value }) => value);
    assert.deepEqual(
      counts,
      counts.toSorted((left, right) => left - right),
      name,
    );
    assert.equal(counts.at(-1), samples.find((each) => each.name === `${name}_count`)?.value, name);
  }
}
