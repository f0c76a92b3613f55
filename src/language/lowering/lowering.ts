/** What every part of lowering needs: the values of params, defaults from the catalog, and where things stand. */
import type { AstNode } from 'langium';
import { AstUtils, GrammarUtils } from 'langium';
import type { OptionEntry, OptionType } from '../../contract/catalog/describe.ts';
import type { Feature } from '../../contract/features.ts';
import type { OptionValue, SecretReference, SourceLocation } from '../../contract/plan.ts';
import type { Dimension } from '../../contract/units.ts';
import type { Backend, Dataset, Load, Property, Sla, Value } from '../ast.ts';
import { inheritanceOf, isExtensible } from '../references/extends.ts';
import { pathOf } from '../file-system.ts';
import { silent } from '../validation/report.ts';
import { coerce } from '../values/coerce.ts';
import { evaluate, type Environment } from '../values/evaluate.ts';
import type { ParseValue } from '../values/parse-value.ts';
import type { EvaluatedValue } from '../values/value.ts';
import { Settings } from '../schema/settings.ts';

/** What a run of a study has instead of what its benchmark says. */
export interface Given {
  readonly backend?: Backend | undefined;
  readonly dataset?: Dataset | undefined;
  readonly load?: Load | undefined;
  /** Limits beside the benchmark's own. */
  readonly slas?: readonly Sla[];
  /** By declaration: settings as if they were written at its end. */
  readonly settings?: ReadonlyMap<AstNode, readonly Property[]>;
}

/** The text of a file that has errors is lowered as far as it goes: nothing is reported here, the checks have said it. */
export class Lowering {
  readonly environment: Environment;
  /** Features used so far. */
  readonly uses = new Set<Feature>();
  /** What stands in the place of what is written: a run of a study. */
  readonly given: Given;
  readonly #parse: ParseValue;

  constructor(environment: Environment, parse: ParseValue, given: Given = {}) {
    this.environment = environment;
    this.given = given;
    this.#parse = parse;
  }

  /** A declaration's settings after inheritance; those given to it, or to one it extends, come after that one's own. */
  settings(owner: AstNode, items: readonly AstNode[]): Settings {
    const { settings } = this.given;
    if (settings === undefined || settings.size === 0 || !isExtensible(owner)) return new Settings(items);
    const inherited = inheritanceOf(owner);
    const all = inherited.flatMap((declaration) => [
      ...items.filter((item) => item.$container === declaration || item.$container?.$container === declaration),
      ...(settings.get(declaration) ?? []),
    ]);
    return new Settings(all);
  }

  evaluate(value: Value | undefined): EvaluatedValue | undefined {
    return evaluate(value, this.environment, silent);
  }

  coerce(value: Value | undefined, type: OptionType): OptionValue | undefined {
    const placeholders = type.kind === 'text' ? type.placeholders : undefined;
    if (value === undefined) return undefined;
    return coerce(evaluate(value, this.environment, silent, placeholders), type, value, silent);
  }

  quantity(value: Value | undefined, dimension: Dimension): number | undefined {
    return this.coerce(value, { kind: 'quantity', dimension }) as number | undefined;
  }

  number(property: Property | undefined): number | undefined {
    return this.coerce(property?.value, { kind: 'number' }) as number | undefined;
  }

  text(property: Property | undefined): string | undefined {
    return this.coerce(property?.value, { kind: 'text' }) as string | undefined;
  }

  secret(value: Value | undefined): SecretReference | undefined {
    const result = this.evaluate(value);
    return result?.kind === 'secret' ? { kind: 'secret', name: result.name } : undefined;
  }

  /** The options of a protocol or source, by their names in the Plan; defaults filled in. */
  options(entries: Readonly<Record<string, OptionEntry>>, settings: Settings): Record<string, OptionValue> {
    const options: Record<string, OptionValue> = {};
    const valueOf = (name: string, entry: OptionEntry): OptionValue | undefined => {
      const written = settings.get(name);
      return written === undefined ? this.#default(entry) : this.coerce(written.value, entry.type);
    };
    const hasEffect = ({ onlyWith }: OptionEntry): boolean =>
      onlyWith === undefined ||
      onlyWith.anyOf.some((name) => {
        const other = entries[name];
        const value = other === undefined ? undefined : valueOf(name, other);
        return value !== undefined && (onlyWith.value === undefined || value === onlyWith.value);
      });
    for (const [name, entry] of Object.entries(entries)) {
      if (!settings.has(name) && !hasEffect(entry)) continue;
      const value = valueOf(name, entry);
      if (value !== undefined) options[entry.planKey] = value;
    }
    return options;
  }

  #default(entry: OptionEntry): OptionValue | undefined {
    const value = entry.defaultText === undefined ? undefined : this.#parse(entry.defaultText);
    return this.coerce(value, entry.type);
  }
}

/** Where something stands, by its name where it has one. */
export function locationOf(node: AstNode, property?: string): SourceLocation {
  const cst =
    (property === undefined ? undefined : GrammarUtils.findNodeForProperty(node.$cstNode, property)) ?? node.$cstNode;
  const { start, end } = cst?.range ?? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  return {
    file: pathOf(AstUtils.getDocument(node).uri),
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

/** Without the keys whose value is undefined. */
export function defined<T extends object>(value: { [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}
