/** A declaration's properties after inheritance: the nearest one counts, blocks merge entry by entry. */
import { isProperty, type Block, type MapEntry, type Property } from '../ast.ts';

type Item = { readonly $type: string };

export class Settings {
  readonly #properties = new Map<string, Property[]>();

  /** Items of the most distant declaration first. */
  constructor(items: readonly Item[]) {
    for (const item of items) {
      if (!isProperty(item)) continue;
      const same = this.#properties.get(item.name);
      if (same === undefined) this.#properties.set(item.name, [item]);
      else same.push(item);
    }
  }

  get(name: string): Property | undefined {
    return this.#properties.get(name)?.at(-1);
  }

  /** The properties inside a block such as `timeout { … }`. */
  block(name: string): Settings {
    return new Settings(this.#blocks(name).flatMap((block) => block.entries));
  }

  /** Entries with quoted names, as in `headers { "X-Team": "perf" }`; the nearest of each name. */
  entries(name: string): MapEntry[] {
    const entries = this.#blocks(name).flatMap((block) => block.entries.filter((entry) => !isProperty(entry)));
    return [...new Map(entries.map((entry) => [entry.key, entry])).values()];
  }

  has(name: string): boolean {
    return this.#properties.has(name);
  }

  #blocks(name: string): Block[] {
    return (this.#properties.get(name) ?? []).flatMap((property) => property.block ?? []);
  }
}
