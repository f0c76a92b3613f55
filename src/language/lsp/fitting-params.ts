/** Which params may stand where a value of some type is wanted: what they stand for is known, and judged as the validator judges it. */
import { AstUtils, DocumentState, type AstNode } from 'langium';
import type { OptionType } from '../../contract/catalog/describe.ts';
import { isParam } from '../ast.ts';
import { silent } from '../validation/report.ts';
import { coerce } from '../values/coerce.ts';
import { Environment } from '../values/evaluate.ts';

/** Whether a declaration fits. Nothing else than a param is judged, nor one whose value cannot be told yet. */
export function fitsAs(type: OptionType, node: AstNode | undefined): boolean {
  if (!isParam(node) || node.value === undefined || !isLinked(node)) return true;
  const value = new Environment().valueOf(node);
  if (value === undefined) return true;
  // A file name is looked for beside the file that names it, which is not known here.
  if (type.kind === 'file') return value.kind === 'text';
  return coerce(value, type, node.value, silent) !== undefined;
}

/** The standard library's params are read alone, and name nothing else. */
function isLinked(node: AstNode): boolean {
  const root = AstUtils.findRootNode(node);
  return root.$document === undefined || root.$document.state >= DocumentState.Linked;
}
