/** How checks, evaluation and lowering say what is wrong: a code, a place, and the facts its message is made of. */
import type { AstNode, DiagnosticInfo, Properties, ValidationAcceptor } from 'langium';
import { DIAGNOSTICS, type DiagnosticCode, type DiagnosticProps } from './diagnostics.ts';

/** Where to underline: a node, one of its properties, or a range of its file. */
export type Place<N extends AstNode = AstNode> = Pick<
  DiagnosticInfo<N, Properties<N> | string>,
  'node' | 'index' | 'keyword'
> & {
  readonly property?: string;
  readonly range?: DiagnosticInfo<N>['range'];
};

/** What travels with a diagnostic to quick fixes: its code and the message's facts. */
export interface DiagnosticData {
  readonly code: DiagnosticCode;
  readonly props: Readonly<Record<string, unknown>>;
}

export type Report = <Code extends DiagnosticCode>(code: Code, place: Place, props: DiagnosticProps<Code>) => void;

export const silent: Report = () => undefined;

const UNNECESSARY = 1;
const DEPRECATED = 2;

/** A report that ends in Langium's validation. */
export function reportTo(accept: ValidationAcceptor): Report {
  return (code, place, props) => {
    const { severity, message, isUnnecessary, isDeprecated } = DIAGNOSTICS[code];
    const say = message as (props: unknown) => string;
    const tags = [...(isUnnecessary === true ? [UNNECESSARY] : []), ...(isDeprecated === true ? [DEPRECATED] : [])];
    const data: DiagnosticData = { code, props: props as Readonly<Record<string, unknown>> };
    accept(severity, say(props), {
      ...(place as DiagnosticInfo<AstNode, string>),
      code,
      data,
      ...(tags.length === 0 ? {} : { tags: tags as NonNullable<DiagnosticInfo<AstNode>['tags']> }),
    });
  };
}
