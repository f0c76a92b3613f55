/** Names that no two runs share. */
import { randomBytes, randomUUID } from 'node:crypto';

export function createRunId(): string {
  return randomUUID();
}

/** Short, for the head of prompts: an earlier run's prefix cache must not help this one. */
export function createNonce(): string {
  return randomBytes(6).toString('hex');
}
