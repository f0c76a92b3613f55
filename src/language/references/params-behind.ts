/** The params a param's value is computed from, so that none is computed from itself, and no chain of them is without end. */
import { isParam, type Param } from '../ast.ts';
import { contentsOf } from './contents.ts';

/** More than anybody keeps in mind; few enough to be followed for each use. */
export const MAXIMUM_PARAMS_BEHIND = 200;

/** Directly or not; the param itself is among them where it depends on itself. */
export function paramsBehind(param: Param): ReadonlySet<Param> | 'too-many' {
  const behind = new Set<Param>();
  const addFrom = (each: Param): void => {
    for (const { reference } of contentsOf(each).references) {
      const target = 'ref' in reference ? reference.ref : undefined;
      if (target !== undefined && isParam(target)) behind.add(target);
    }
  };
  addFrom(param);
  for (const each of behind) {
    if (behind.size > MAXIMUM_PARAMS_BEHIND) return 'too-many';
    addFrom(each);
  }
  return behind;
}
