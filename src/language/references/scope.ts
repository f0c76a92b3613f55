/** Where a name is looked up: in its own file, then in the files it imports; nowhere else in the workspace. */
import {
  AstUtils,
  DefaultScopeComputation,
  DefaultScopeProvider,
  EMPTY_SCOPE,
  MapScope,
  WorkspaceCache,
  type AstNode,
  type AstNodeDescription,
  type LangiumCoreServices,
  type LangiumDocument,
  type LocalSymbols,
  type ReferenceInfo,
  type Scope,
} from 'langium';
import { isBenchFile, isNameRef, isProperty, isVary, Named, Param } from '../ast.ts';
import { STANDARD_LIBRARY_URI } from '../library/standard-library.ts';
import { findPropertyEntry, type PropertyType } from '../schema/property-entry.ts';
import { importTargets } from './imports.ts';

/** Only declarations can be named from elsewhere; properties and stages have names too, but nothing refers to those. */
export class BenchScopeComputation extends DefaultScopeComputation {
  override collectLocalSymbols(): Promise<LocalSymbols> {
    return Promise.resolve(NO_SYMBOLS);
  }

  protected override addExportedSymbol(
    node: AstNode,
    exports: AstNodeDescription[],
    document: LangiumDocument<AstNode>,
  ): void {
    if (isBenchFile(node.$container)) super.addExportedSymbol(node, exports, document);
  }
}

export class BenchScopeProvider extends DefaultScopeProvider {
  readonly #scopes: WorkspaceCache<string, Scope>;

  constructor(services: LangiumCoreServices) {
    super(services);
    this.#scopes = new WorkspaceCache(services.shared);
  }

  override getScope(context: ReferenceInfo): Scope {
    const document = AstUtils.getDocument(context.container);
    const type = this.reflection.getReferenceType(context);
    if (type !== Named.$type) return this.#scope(document, type);
    // A bare name in a value is a param, or a plain word; only `vary` names backends and the like.
    const isVaried = isVary(context.container) || AstUtils.getContainerOfType(context.container, isVary) !== undefined;
    if (isNameRef(context.container) && !isVaried) {
      const params = this.#scope(document, Param.$type);
      const isParam = params.getElement(context.reference.$refText) !== undefined;
      return isParam && isWordOfSetting(context) ? EMPTY_SCOPE : params;
    }
    return this.#scope(document, Named.$type);
  }

  #scope(document: LangiumDocument<AstNode>, type: string): Scope {
    return this.#scopes.get(`${type} ${document.uri.toString()}`, () => {
      const own = this.indexManager.allElements(type, new Set([document.uri.toString()]));
      const imported = importTargets(document).map((target) => target.toString());
      const others = this.indexManager.allElements(type, new Set(imported.filter((each) => each !== LIBRARY)));
      const library = this.indexManager.allElements(type, new Set(imported.filter((each) => each === LIBRARY)));
      // The library comes last, so that it may grow without taking a name from anybody.
      return new MapScope(own, new MapScope(others, new MapScope(library)));
    });
  }
}

const LIBRARY = STANDARD_LIBRARY_URI.toString();

/** `turns all` means the word, also where a param is called `all`: else declaring a param would change what a setting says. */
function isWordOfSetting({ container, reference }: ReferenceInfo): boolean {
  const property = container.$container;
  const type = isProperty(property) && property.value === container ? findPropertyEntry(property)?.type : undefined;
  return type !== undefined && wordsOf(type).includes(reference.$refText);
}

function wordsOf(type: PropertyType): readonly string[] {
  switch (type.kind) {
    case 'choice':
      return Object.keys(type.choices);
    case 'flag':
      return ['on', 'off'];
    case 'any-of':
      return type.of.flatMap(wordsOf);
    default:
      return [];
  }
}

const NO_SYMBOLS: LocalSymbols = new (class {
  has(): boolean {
    return false;
  }
  getStream(): never {
    throw new Error('there are no local symbols');
  }
})();
