/** Prometheus text format, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). */

export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** Counts values up to each of some ascending bounds, as Prometheus wants them. */
export class BoundedHistogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  observe(value: number): void {
    let index = 0;
    while (index < this.#bounds.length && value > (this.#bounds[index] as number)) index += 1;
    this.#counts[index] = (this.#counts[index] as number) + 1;
    this.#sum += value;
  }

  render(name: string, labels: Labels): string {
    let count = 0;
    const buckets = this.#counts.map((each, index) => {
      count += each;
      const bound = this.#bounds[index];
      return line(`${name}_bucket`, { ...labels, le: bound === undefined ? '+Inf' : numberText(bound) }, count);
    });
    return buckets.join('') + line(`${name}_sum`, labels, this.#sum) + line(`${name}_count`, labels, count);
  }
}

export function renderHead(name: string, type: 'counter' | 'gauge' | 'histogram', help: string): string {
  return `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`;
}

export function renderSamples(name: string, samples: readonly Sample[]): string {
  return samples.map(({ labels, value }) => line(name, labels, value)).join('');
}

function line(name: string, labels: Labels, value: number): string {
  const inside = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
  return `${name}${inside.length === 0 ? '' : `{${inside.join(',')}}`} ${numberText(value)}\n`;
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function numberText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value);
}
