/**
 * `npm run bench:engine [-- paths runs exactness peers]`: what measuring costs, how exact and how punctual it is, beside a bare undici loop,
 * a bare socket reader and the tools of others, on the same server in the same run. Prints figures, never judges.
 */
import { cpus } from 'node:os';
import { compareExactness } from './exactness.ts';
import { comparePaths } from './paths.ts';
import { comparePeers } from './peers.ts';
import { measureRuns } from './runs.ts';
import { canPin } from './token-server.ts';

const SECTIONS: Readonly<Record<string, () => Promise<void>>> = {
  paths: comparePaths,
  runs: measureRuns,
  exactness: compareExactness,
  peers: comparePeers,
};

const asked = process.argv.slice(3);
const unknown = asked.find((name) => !Object.hasOwn(SECTIONS, name));
if (unknown !== undefined)
  throw new Error(`there is no section '${unknown}'; there are: ${Object.keys(SECTIONS).join(', ')}`);

console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores${(await canPin()) ? '; the server on the first, the client on the second' : '; not pinned'}`,
);
for (const [name, print] of Object.entries(SECTIONS)) if (asked.length === 0 || asked.includes(name)) await print();
