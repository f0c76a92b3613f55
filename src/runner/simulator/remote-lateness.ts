/** The lateness of a simulator in another process, asked over HTTP, so that a run against it can say that it was late. */
import type { ProbeAnswer } from '../platform/probe.ts';
import type { Lateness } from './lateness.ts';

export interface RemoteSimulator {
  lateness(): Promise<Lateness>;
}

/**
 * `undefined` where the server does not call itself the simulator. It counts from now on, for `watch` alone.
 * @param ask GETs a path of the server.
 */
export async function watchRemoteSimulator(
  serverHeader: string | undefined,
  watch: string,
  ask: (path: string) => Promise<ProbeAnswer>,
): Promise<RemoteSimulator | undefined> {
  if (serverHeader?.startsWith('benchwright-simulator/') !== true) return undefined;
  const path = `/simulator/lateness/${encodeURIComponent(watch)}`;
  const lateness = async (): Promise<Lateness> => readLateness(await ask(path));
  // The first question begins the count. A simulator that does not answer it shows in the requests.
  await lateness().catch(() => undefined);
  return { lateness };
}

/** What comes from another process is checked: what is not a number counts as not said. */
function readLateness({ status, text }: ProbeAnswer): Lateness {
  if (status !== 200) throw new Error(`HTTP ${status}`);
  const told = (JSON.parse(text) ?? {}) as Readonly<Record<string, unknown>>;
  const { tokens, p50Ms, p99Ms, maxMs } = told;
  return {
    tokens: typeof tokens === 'number' ? tokens : 0,
    ...(typeof p50Ms === 'number' ? { p50Ms } : {}),
    ...(typeof p99Ms === 'number' ? { p99Ms } : {}),
    ...(typeof maxMs === 'number' ? { maxMs } : {}),
  };
}
