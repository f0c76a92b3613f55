/** Whether a Node will do. Plain old syntax: this is asked by a Node that may not do. */
import { MINIMUM_NODE } from './protocol/runner.ts';

/** @param version As `process.versions.node` or `process.version` has it. */
export function isNewEnoughNode(version: string): boolean {
  const parts = (text: string): readonly number[] => text.replace(/^v/, '').split('.').map(Number);
  const have = parts(version);
  const want = parts(MINIMUM_NODE);
  for (let index = 0; index < 3; index++) {
    const difference = (have[index] ?? Number.NaN) - (want[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
