/** Renaming over all files that see a name, and a clear no where the new name would change what something means. */
import { AstUtils, type AstNode, type LangiumDocument } from 'langium';
import { DefaultRenameProvider, type LangiumServices } from 'langium/lsp';
import {
  LSPErrorCodes,
  ResponseError,
  type Position,
  type Range,
  type RenameParams,
  type TextDocumentPositionParams,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver-protocol';
import * as ast from '../ast.ts';
import { STANDARD_LIBRARY_URI } from '../library/standard-library.ts';
import { benchFileOf, importTargets } from '../references/imports.ts';
import { declarationAt } from './declaration-at.ts';
import { stageFamily } from './stage-family.ts';

export class BenchRenameProvider extends DefaultRenameProvider {
  readonly #services: LangiumServices;

  constructor(services: LangiumServices) {
    super(services);
    this.#services = services;
  }

  override async rename(document: LangiumDocument, params: RenameParams): Promise<WorkspaceEdit | undefined> {
    const target = this.#targetAt(document, params.position);
    if (target === undefined) return undefined;
    const { newName } = params;
    if (newName === target.name) return { changes: {} };
    this.#checkSpelling(target, newName);
    if (ast.isStage(target)) return this.#renameStage(target, newName);
    this.#checkFree(target, newName);
    return toEdit(this.references.findReferences(target, { includeDeclaration: true }), newName);
  }

  override prepareRename(document: LangiumDocument, { position }: TextDocumentPositionParams): Range | undefined {
    return this.#targetAt(document, position) === undefined ? undefined : this.renameNodeRange(document, position);
  }

  /** @throws ResponseError for what stands in the standard library. */
  #targetAt(document: LangiumDocument, position: Position): Renamable | undefined {
    const offset = document.textDocument.offsetAt(position);
    const target = declarationAt(document, offset, this.#services);
    if (target === undefined) return undefined;
    if (isInStandardLibrary(target))
      refuse(`\`${target.name}\` belongs to the standard library. Extend it under a name of your own instead.`);
    return target;
  }

  #checkSpelling(target: Renamable, newName: string): void {
    if (this.#parses(target, newName)) return;
    if (!/^[A-Za-z_][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*$/.test(newName))
      refuse(
        `\`${newName}\` is not a name: a name begins with a letter and has letters, digits, \`_\` and, inside, \`-\`.`,
      );
    refuse(`\`${newName}\` is a word of the language and cannot be the name of a ${kindOf(target)}.`);
  }

  #parses(target: Renamable, name: string): boolean {
    const text = {
      Param: `param ${name} = 1 param ${name}-too = ${name}`,
      Stage: `load l { stage ${name} { } }`,
      Sweep: `sweep ${name} of b { }`,
      Search: `search ${name} of b { }`,
      Profile: `profile ${name} of b { }`,
    }[target.$type as string];
    const { parserErrors, lexerErrors, value } = this.#services.parser.LangiumParser.parse(
      text ?? `${kindOf(target)} ${name} { }`,
    );
    const [first] = (value as ast.BenchFile).declarations;
    const read = ast.isLoad(first) && ast.isStage(target) ? first.body?.items.find(ast.isStage) : first;
    return parserErrors.length === 0 && lexerErrors.length === 0 && read?.name === name;
  }

  #checkFree(target: ast.Declaration, newName: string): void {
    for (const document of this.#documentsThatSee(AstUtils.getDocument(target))) {
      const visible = [document, ...this.#importedBy(document)].flatMap((each) => benchFileOf(each).declarations);
      const taken = visible.find((each) => each.name === newName && this.#meansTheSame(each, target, document));
      if (taken !== undefined)
        refuse(`There is already a ${kindOf(taken)} named \`${newName}\` in ${fileName(taken)}.`);
      if (ast.isParam(target) && usesWord(document, newName))
        refuse(`${fileNameOf(document)} uses the word \`${newName}\` as a value; it would then mean this param.`);
    }
  }

  /** Names of one kind exclude each other; where a sweep names something, those of all kinds do. */
  #meansTheSame(other: ast.Declaration, target: ast.Declaration, document: LangiumDocument): boolean {
    if (other === target) return false;
    if (other.$type === target.$type) return true;
    return (
      NAMED.has(other.$type) &&
      document.references.some((reference) =>
        'ref' in reference && reference.ref === target && reference.$refNode?.astNode !== undefined
          ? AstUtils.getContainerOfType(reference.$refNode.astNode, ast.isVary) !== undefined
          : false,
      )
    );
  }

  #documentsThatSee(home: LangiumDocument): LangiumDocument[] {
    const isImporting = (each: LangiumDocument): boolean =>
      importTargets(each).some((target) => target.toString() === home.uri.toString());
    return this.#services.shared.workspace.LangiumDocuments.all
      .filter((each) => each === home || isImporting(each))
      .toArray();
  }

  #importedBy(document: LangiumDocument): LangiumDocument[] {
    const { LangiumDocuments } = this.#services.shared.workspace;
    return importTargets(document).flatMap((target) => LangiumDocuments.getDocument(target) ?? []);
  }

  /** A stage that replaces an inherited one of its name keeps doing so: all of them are renamed. */
  #renameStage(stage: ast.Stage, newName: string): WorkspaceEdit {
    const { stages, neighbours } = stageFamily(stage, this.#services.shared.workspace.LangiumDocuments);
    if (stages.some(isInStandardLibrary))
      refuse(`\`${stage.name}\` replaces a stage of the standard library and would no longer do so.`);
    const taken = neighbours.find((each) => each.name === newName);
    if (taken !== undefined)
      refuse(
        `There is already a stage named \`${newName}\` in ${fileName(taken)}, in the same load or one it extends.`,
      );
    return toEdit(
      stages.flatMap((each) => this.references.findReferences(each, { includeDeclaration: true }).toArray()),
      newName,
    );
  }
}

type Renamable = ast.Declaration | ast.Stage;

const NAMED: ReadonlySet<string> = new Set(['Param', 'Backend', 'Dataset', 'Load', 'Sla', 'Monitor']);

function refuse(message: string): never {
  throw new ResponseError(LSPErrorCodes.RequestFailed, message);
}

function kindOf(node: AstNode): string {
  return node.$type.toLowerCase();
}

function isInStandardLibrary(node: AstNode): boolean {
  return AstUtils.getDocument(node).uri.toString() === STANDARD_LIBRARY_URI.toString();
}

/** A word such as `all` that no param has claimed yet. */
function usesWord(document: LangiumDocument, word: string): boolean {
  return document.references.some(
    (reference) => 'ref' in reference && reference.$refText === word && reference.ref === undefined,
  );
}

function fileName(node: AstNode): string {
  return fileNameOf(AstUtils.getDocument(node));
}

function fileNameOf(document: LangiumDocument): string {
  return isInStandardLibrary(document.parseResult.value)
    ? 'the standard library'
    : (document.uri.path.split('/').at(-1) ?? '');
}

type References = Iterable<{
  readonly sourceUri: { toString: () => string };
  readonly segment: { readonly range: Range };
}>;

function toEdit(references: References, newText: string): WorkspaceEdit {
  const changes: Record<string, TextEdit[]> = {};
  for (const { sourceUri, segment } of references)
    (changes[sourceUri.toString()] ??= []).push({ range: segment.range, newText });
  return { changes };
}
