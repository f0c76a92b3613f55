/**
 * Features a plan may use that not every runner knows. The compiler names them in the plan's `uses`; a runner refuses by name those it does
 * not know. What is not listed (flat constant and Poisson rates, closed users, metric limits …) every runner does.
 */
export const FEATURES = {
  'stage.ramp': '`rate a -> b over …`',
  'stage.spikes': '`spike … for … every …`',
  'stage.sine': '`sine period …`',
  'arrivals.gamma': '`gamma` arrivals',
  replay: '`replay` of recorded arrival times',
  abandon: '`abandon`',
  budget: '`budget`',
  repeat: '`repeat`',
  launch: '`launch`',
  profile: '`profile`',
  'tokenizer.tiktoken': '`tokenizer tiktoken`',
  'sla.regression': '`regression` limits',
  'sla.monitor': 'limits on a monitor',
  'monitor.via': '`via`',
  'monitor.alert': '`alert`',
  mix: '`mix`',
  'shared-prefix': '`shared-prefix`',
  'dataset.template': '`template`',
  'dataset.images': '`images`',
} as const;

/** Also `backend.<protocol>`, `dataset.<source>` and `monitor.<source>` for catalog entries that are not available everywhere. */
export type Feature = keyof typeof FEATURES | `backend.${string}` | `dataset.${string}` | `monitor.${string}`;

/** A feature as a person reads it: `` `launch` ``, `` protocol `vllm` ``. */
export function describeFeature(feature: string): string {
  const known = (FEATURES as Readonly<Record<string, string>>)[feature];
  if (known !== undefined) return known;
  const [kind = '', ...rest] = feature.split('.');
  const noun = { backend: 'protocol', dataset: 'dataset source', monitor: 'monitor source' }[kind];
  return noun === undefined ? `\`${feature}\`` : `${noun} \`${rest.join('.')}\``;
}
