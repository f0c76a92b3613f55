/** Names that an import would make known here: those of the other files of the workspace, and the standard library's. */
import { AstUtils, UriUtils, type AstNode, type AstNodeDescription, type LangiumDocument, type URI } from 'langium';
import type { LangiumServices } from 'langium/lsp';
import { isBenchFile } from '../ast.ts';
import { STANDARD_LIBRARY_NAME, STANDARD_LIBRARY_TEXT, STANDARD_LIBRARY_URI } from '../library/standard-library.ts';
import { importTargets } from '../references/imports.ts';

export interface ImportableName {
  readonly name: string;
  /** Of the syntax tree: `Backend`. */
  readonly type: string;
  /** What to import, as a path from here. */
  readonly path: string;
  readonly node: AstNode | undefined;
}

export class ImportableNames {
  readonly #services: LangiumServices;
  #standard: readonly ImportableName[] | undefined;

  constructor(services: LangiumServices) {
    this.#services = services;
  }

  /** Of this type; nothing that is known here already. */
  all(document: LangiumDocument, type: string): readonly ImportableName[] {
    const known = new Set([document.uri, ...importTargets(document)].map((uri) => uri.toString()));
    const { IndexManager } = this.#services.shared.workspace;
    const others = IndexManager.allElements(type)
      .filter(({ documentUri }) => documentUri.scheme === document.uri.scheme && !known.has(documentUri.toString()))
      .map((each: AstNodeDescription) => ({
        name: each.name,
        type: each.type,
        path: pathBetween(document.uri, each.documentUri),
        node: each.node,
      }))
      .toArray();
    const standard = known.has(STANDARD_LIBRARY_URI.toString()) ? [] : this.#standardLibrary();
    return [...standard.filter((each) => each.type === type), ...others];
  }

  /** Declared here or imported. */
  known(document: LangiumDocument, type: string): readonly string[] {
    return this.declared(document, type).map(({ name }) => name);
  }

  declared(document: LangiumDocument, type: string): readonly Pick<ImportableName, 'name' | 'node'>[] {
    const uris = new Set([document.uri, ...importTargets(document)].map((uri) => uri.toString()));
    return this.#services.shared.workspace.IndexManager.allElements(type, uris)
      .map(({ name, node }) => ({ name, node }))
      .toArray();
  }

  /** Scenarios of the workspace, as paths from here. */
  paths(document: LangiumDocument): readonly string[] {
    return this.#services.shared.workspace.LangiumDocuments.all
      .filter(({ uri }) => uri.scheme === document.uri.scheme && uri.toString() !== document.uri.toString())
      .map(({ uri }) => pathBetween(document.uri, uri))
      .toArray();
  }

  /** It is read once, and not before somebody may want it: most files never do. */
  #standardLibrary(): readonly ImportableName[] {
    if (this.#standard !== undefined) return this.#standard;
    const file: unknown = this.#services.parser.LangiumParser.parse(STANDARD_LIBRARY_TEXT).value;
    const declarations = isBenchFile(file) ? AstUtils.streamContents(file).toArray() : [];
    this.#standard = declarations.flatMap((node) =>
      'name' in node && typeof node.name === 'string'
        ? [{ name: node.name, type: node.$type, path: STANDARD_LIBRARY_NAME, node }]
        : [],
    );
    return this.#standard;
  }
}

function pathBetween(from: URI, to: URI): string {
  const path = UriUtils.relative(UriUtils.dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
}
