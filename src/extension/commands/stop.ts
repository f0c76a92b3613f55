import { pickSession, type Workbench } from './workbench.ts';

export async function stop(workbench: Workbench): Promise<void> {
  const session = await pickSession(workbench, 'Stop Run');
  if (session !== undefined) await workbench.runs.stop(session);
}
