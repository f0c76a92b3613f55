/**
 * "Ask <url> for its models": offered where a model's name is written and the client said that it can ask. The server asks nobody: it
 * hands the client what to ask, and only when somebody chooses the proposal.
 */
import { AstUtils, CstUtils, type LangiumDocument } from 'langium';
import type { LangiumServices } from 'langium/lsp';
import {
  CLIENT_COMMANDS,
  type AskModelsArguments,
  type BenchInitializationOptions,
} from '../../contract/protocol/language.ts';
import { isBackend, isBackendBlock } from '../ast.ts';
import { backendItems } from '../schema/bodies.ts';
import { Settings } from '../schema/settings.ts';
import { silent } from '../validation/report.ts';
import { Environment, evaluate } from '../values/evaluate.ts';
import { checkUrl } from '../values/url.ts';
import type { Proposal } from './proposal.ts';

export class ModelQuestions {
  /** Does the client answer `askModels`? It says so when it starts, and not where its workspace is not trusted. */
  isOffered = false;

  constructor(services: LangiumServices) {
    services.shared.lsp.LanguageServer.onInitialize(({ initializationOptions }) => {
      const options = initializationOptions as BenchInitializationOptions | undefined;
      this.isOffered = options?.asksModels === true;
    });
  }

  proposalAt(document: LangiumDocument, offset: number): Proposal | undefined {
    const question = this.isOffered ? questionAt(document, offset) : undefined;
    if (question === undefined) return undefined;
    return {
      label: `Ask ${question.url} for its models…`,
      kind: 'value',
      doc: 'Sends one request to this address, with the key of the backend if it has one, and lets you choose from the answer.',
      insert: '',
      asks: { command: CLIENT_COMMANDS.askModels, argument: question },
    };
  }
}

function questionAt(document: LangiumDocument, offset: number): AskModelsArguments | undefined {
  const root = document.parseResult.value.$cstNode;
  const leaf = root === undefined ? undefined : CstUtils.findLeafNodeBeforeOffset(root, offset);
  const block = leaf === undefined ? undefined : AstUtils.getContainerOfType(leaf.astNode, isBackendBlock);
  if (block === undefined) return undefined;
  const settings = new Settings(backendItems(isBackend(block.$container) ? block.$container : block));
  const url = settings.get('url')?.value;
  const address = evaluate(url, new Environment(), silent);
  if (url === undefined || address?.kind !== 'text' || checkUrl(address.text, url, silent) === undefined)
    return undefined;
  const key = evaluate(settings.get('key')?.value, new Environment(), silent);
  return {
    uri: document.uri.toString(),
    position: document.textDocument.positionAt(offset),
    url: address.text,
    ...(key?.kind === 'secret' ? { secret: key.name } : {}),
  };
}
