/** Inside `normal(…` and the like: the arguments, which of them is being written, and the units that fit. */
import type { LangiumDocument, Lexer } from 'langium';
import type { LangiumServices, SignatureHelpProvider } from 'langium/lsp';
import {
  MarkupKind,
  type SignatureHelp,
  type SignatureHelpOptions,
  type SignatureHelpParams,
  type SignatureInformation,
} from 'vscode-languageserver-protocol';
import type { Dimension } from '../../contract/units.ts';
import { FUNCTION_FORMS, FUNCTIONS, type FunctionForm, type FunctionParameter } from '../values/functions.ts';
import { unitWords } from '../values/wording.ts';
import { contextAt, itemsOf, type BlockContext, type OpenCall } from './block-context.ts';
import { dimensionsOf } from './proposals.ts';

export class BenchSignatureHelpProvider implements SignatureHelpProvider {
  readonly signatureHelpOptions: SignatureHelpOptions = {
    triggerCharacters: ['('],
    retriggerCharacters: [',', ' ', '.'],
  };
  readonly #lexer: Lexer;

  constructor(services: LangiumServices) {
    this.#lexer = services.parser.Lexer;
  }

  provideSignatureHelp(
    { textDocument }: LangiumDocument,
    { position }: SignatureHelpParams,
  ): SignatureHelp | undefined {
    const { tokens } = this.#lexer.tokenize(textDocument.getText());
    const context = contextAt(tokens, textDocument.offsetAt(position), true);
    const { call } = context;
    const forms = call === undefined ? undefined : formsOf(call.name);
    if (call === undefined || forms === undefined) return undefined;
    const activeSignature = Math.max(
      0,
      forms.findIndex((form) => hasNamed(form, call)),
    );
    const form = forms[activeSignature];
    return {
      signatures: forms.map((each) => toSignature(each, call.name, context)),
      activeSignature,
      activeParameter: form === undefined ? 0 : activeParameter(form, call),
    };
  }
}

function formsOf(name: string): readonly FunctionForm[] | undefined {
  return Object.hasOwn(FUNCTION_FORMS, name) ? FUNCTION_FORMS[name] : undefined;
}

/** Is the argument being written, if it has a name, one of this form's? */
function hasNamed({ parameters }: FunctionForm, { since }: OpenCall): boolean {
  const written = since[0]?.image;
  return parameters.some(({ name }) => name === written);
}

function activeParameter({ parameters }: FunctionForm, { since, argument }: OpenCall): number {
  const byName = parameters.findIndex(({ name }) => name !== undefined && name === since[0]?.image);
  if (byName >= 0) return byName;
  // `uniform(32 .. 128)` is one argument that gives both ends.
  const isPastRange = since.some(({ image }) => image === '..');
  return Math.min(argument + (isPastRange ? 1 : 0), parameters.length - 1);
}

function toSignature(form: FunctionForm, name: string, context: BlockContext): SignatureInformation {
  const { frame } = context;
  const item = frame.word === undefined ? undefined : itemsOf(frame)[frame.word];
  const units = unitsSentence(dimensionsOf(item?.takes));
  const doc = FUNCTIONS[name]?.doc ?? '';
  const hasUnits = form.parameters.some(({ isQuantity }) => isQuantity);
  return {
    label: form.label,
    documentation: { kind: MarkupKind.Markdown, value: hasUnits ? `${doc}\n\n${units}` : doc },
    parameters: form.parameters.map((each) => ({
      label: labelRange(form, each),
      documentation: { kind: MarkupKind.Markdown, value: each.doc },
    })),
  };
}

/** As offsets: the words of a label occur in the function's own name too (`normal` in `lognormal`). */
function labelRange({ label }: FunctionForm, parameter: FunctionParameter): [number, number] {
  const start = label.indexOf(parameter.label, label.indexOf('('));
  return [start, start + parameter.label.length];
}

function unitsSentence([dimension]: readonly Dimension[]): string {
  const after = 'A unit after the closing parenthesis counts for all.';
  if (dimension === undefined) return `All in one kind of unit, or plain numbers. ${after}`;
  return `In ${unitWords(dimension) || 'plain numbers'}. ${after}`;
}
