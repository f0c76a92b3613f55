import { pickSession, type Workbench } from './workbench.ts';

export async function abort(workbench: Workbench): Promise<void> {
  const session = await pickSession(workbench, 'Abort Run');
  if (session !== undefined) await workbench.runs.abort(session);
}
