import type { Workbench } from './workbench.ts';

export async function restartLanguageServer({ client }: Workbench): Promise<void> {
  await client.restart();
}
