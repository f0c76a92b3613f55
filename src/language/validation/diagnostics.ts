/**
 * THE table of what the language can say about a file: code → severity, title and message. Each code has a page of the same name in
 * docs/diagnostics, whose examples are compiled by a test. 0xxx the last run · 1xxx text · 2xxx names and files · 3xxx values · 4xxx backends, datasets,
 * monitors and their options · 5xxx load · 6xxx SLAs · 7xxx benchmarks and studies · 8xxx secrets · 9xxx data files.
 */
import type { CompileDiagnostic } from '../../contract/protocol/language.ts';

/** Who says it, in an editor's list of problems. */
export const DIAGNOSTIC_SOURCE = 'benchwright';

export type Severity = CompileDiagnostic['severity'];

interface DiagnosticEntry<Props> {
  readonly severity: Severity;
  /** The page's heading. */
  readonly title: string;
  readonly message: (props: Props) => string;
  /** Shown faded. */
  readonly isUnnecessary?: boolean;
  /** Shown struck through. */
  readonly isDeprecated?: boolean;
}

interface Named {
  readonly name: string;
  /** The known name closest to the written one. Quick fixes put it in place. */
  readonly suggestion?: string | undefined;
}

interface LastMeasured {
  readonly text: string;
  readonly actual: string;
  readonly when: string;
}

const entry = <Props>(
  severity: Severity,
  title: string,
  message: (props: Props) => string,
  more: Pick<DiagnosticEntry<Props>, 'isUnnecessary' | 'isDeprecated'> = {},
): DiagnosticEntry<Props> => ({ severity, title, message, ...more });

const unknown =
  (what: string) =>
  ({ name, suggestion }: Named): string =>
    `There is no ${what} \`${name}\`.${didYouMean(suggestion)}`;

const didYouMean = (suggestion: string | undefined): string =>
  suggestion === undefined ? '' : ` Did you mean \`${suggestion}\`?`;

const lastMeasured = ({ text, actual, when }: LastMeasured): string =>
  `\`${text}\` measured ${actual} (run of ${when})`;

export const DIAGNOSTICS = {
  // ── the last run ──
  BENCH0001: entry<LastMeasured>(
    'error',
    'Limit breached in the last run',
    (measured) => `${lastMeasured(measured)}: breached.`,
  ),
  BENCH0002: entry<LastMeasured & { note?: string | undefined }>(
    'warning',
    'Limit undecided in the last run',
    ({ note, ...measured }) => `${lastMeasured(measured)}: undecided.${note === undefined ? '' : ` ${note}`}`,
  ),
  BENCH0003: entry<LastMeasured & { verdict: string }>(
    'info',
    'Result of a run before the file changed',
    ({ verdict, ...measured }) => `Before the file changed, ${lastMeasured(measured)}: ${verdict}. Run again to know.`,
  ),

  // ── text ──
  BENCH1001: entry<{ message: string }>('error', 'Syntax error', ({ message }) => message),
  BENCH1002: entry<object>('error', 'Text without its closing quote', () => 'This text is not closed.'),
  BENCH1003: entry<object>('error', 'Comment without its end', () => 'This comment is not closed with `*/`.'),
  BENCH1004: entry<{ message: string }>('error', 'File too large', ({ message }) => message),
  BENCH1005: entry<{ message: string }>('error', 'Nested too deep', ({ message }) => message),
  BENCH1006: entry<object>('error', 'Not UTF-8', () => 'The file is not UTF-8 text. Save it with the encoding UTF-8.'),
  BENCH1007: entry<{ characters: string }>(
    'error',
    'Character that means nothing',
    ({ characters }) => `\`${characters}\` means nothing here.`,
  ),
  BENCH1008: entry<{ escape: string }>(
    'warning',
    'Unknown escape',
    ({ escape }) => `\`${escape}\` is not an escape; the backslash stays. Write \`\\\\\` for a backslash.`,
  ),
  BENCH1009: entry<{ count: number }>(
    'info',
    'More problems than are listed',
    ({ count }) => `The file has ${count} more problems; they are listed when those before them are put right.`,
  ),

  // ── names and files ──
  BENCH2001: entry<Named & { kind: string }>(
    'error',
    'Unknown name',
    ({ kind, name, suggestion }) => `There is no ${kind} named \`${name}\` here.${didYouMean(suggestion)}`,
  ),
  BENCH2002: entry<{ kind: string; name: string }>(
    'error',
    'Name declared twice',
    ({ kind, name }) => `There is another ${kind} named \`${name}\` in this file.`,
  ),
  BENCH2003: entry<{ path: string; why: string }>(
    'error',
    'Import that cannot be read',
    ({ path, why }) => `"${path}" cannot be imported: ${why}.`,
  ),
  BENCH2004: entry<{ cycle: string }>(
    'error',
    'Files that import each other',
    ({ cycle }) => `Import cycle: ${cycle}.`,
  ),
  BENCH2005: entry<{ cycle: string }>(
    'error',
    'Declaration that extends itself',
    ({ cycle }) => `It extends itself: ${cycle}.`,
  ),
  BENCH2006: entry<{ kind: string; name: string; files: string }>(
    'error',
    'Name that means two things',
    ({ kind, name, files }) => `The ${kind} \`${name}\` is declared in more than one file seen here: ${files}.`,
  ),
  BENCH2007: entry<{ kind: string; name: string }>(
    'hint',
    'Declaration nobody uses',
    ({ kind, name }) => `The ${kind} \`${name}\` is not used.`,
    { isUnnecessary: true },
  ),
  BENCH2008: entry<{ path: string }>('hint', 'Import nobody uses', ({ path }) => `Nothing of "${path}" is used.`, {
    isUnnecessary: true,
  }),
  BENCH2009: entry<{ name: string }>(
    'error',
    'Param that depends on itself',
    ({ name }) => `The value of \`${name}\` depends on itself.`,
  ),
  BENCH2010: entry<Named>(
    'error',
    '--set names no param',
    ({ name, suggestion }) => `\`--set ${name}=…\`: there is no such param.${didYouMean(suggestion)}`,
  ),
  BENCH2011: entry<{ name: string; text: string; expected: string }>(
    'error',
    '--set gives a value of another kind',
    ({ name, text, expected }) => `\`--set ${name}=${text}\`: \`${name}\` is ${expected}.`,
  ),
  BENCH2012: entry<{ name: string }>(
    'error',
    'Param without a value',
    ({ name }) => `\`${name}\` has no value: give it one with \`--set ${name}=…\`, or a default with \`=\`.`,
  ),
  BENCH2013: entry<{ path: string }>('warning', 'File imported twice', ({ path }) => `"${path}" is already imported.`, {
    isUnnecessary: true,
  }),
  BENCH2014: entry<{ maximum: number }>(
    'error',
    'Inheritance too deep',
    ({ maximum }) => `More than ${maximum} declarations extend each other; the first of them are left out.`,
  ),
  BENCH2015: entry<{ name: string; maximum: number }>(
    'error',
    'Too many params behind a param',
    ({ name, maximum }) => `\`${name}\` rests on more than ${maximum} other params.`,
  ),

  // ── values ──
  BENCH3001: entry<{ unit: string; suggestion?: string | undefined }>(
    'error',
    'Unknown unit',
    ({ unit, suggestion }) => `There is no unit \`${unit}\`.${didYouMean(suggestion)}`,
  ),
  BENCH3002: entry<{ expected: string; actual: string }>(
    'error',
    'Value of the wrong kind',
    ({ expected, actual }) => `Expected ${expected}, but this is ${actual}.`,
  ),
  BENCH3003: entry<{ expected: string; units: string; number: string; unit: string }>(
    'error',
    'Number without its unit',
    ({ expected, units, number, unit }) =>
      `Expected ${expected}: a unit is missing, e.g. \`${number} ${unit}\`. Units that fit: ${units}.`,
  ),
  BENCH3004: entry<{ value: string; bound: string }>(
    'error',
    'Value out of range',
    ({ value, bound }) => `${value} is out of range: it must be ${bound}.`,
  ),
  BENCH3005: entry<{ left: string; operator: string; right: string }>(
    'error',
    'Arithmetic that makes no sense',
    ({ left, operator, right }) => `${left} ${operator} ${right} makes no sense.`,
  ),
  BENCH3006: entry<Named>('error', 'Unknown function', unknown('function')),
  BENCH3007: entry<{ signature: string; problem: string }>(
    'error',
    'Wrong arguments',
    ({ signature, problem }) => `${problem} Write \`${signature}\`.`,
  ),
  BENCH3008: entry<{ problem: string }>('error', 'Distribution that cannot be', ({ problem }) => problem),
  BENCH3009: entry<{ from: string; to: string }>(
    'error',
    'Range the wrong way round',
    ({ from, to }) => `The range begins at ${from}, above its end ${to}.`,
  ),
  BENCH3010: entry<Named & { choices: string }>(
    'error',
    'Unknown word',
    ({ name, choices, suggestion }) => `\`${name}\` is not one of ${choices}.${didYouMean(suggestion)}`,
  ),
  BENCH3011: entry<Named & { expected: string }>(
    'error',
    'Name that stands for nothing',
    ({ name, expected, suggestion }) =>
      `Expected ${expected}, but \`${name}\` is not a param.${didYouMean(suggestion)}`,
  ),
  BENCH3012: entry<object>('error', 'Division by zero', () => 'Division by zero.'),
  BENCH3013: entry<{ what: string }>(
    'error',
    'Value that cannot stand in a text',
    ({ what }) => `${what} cannot stand in a text.`,
  ),
  BENCH3014: entry<{ name: string }>(
    'error',
    'Property without a value',
    ({ name }) => `\`${name}\` has no value on its line; it would take what begins the next one.`,
  ),
  BENCH3015: entry<{ unit: string; actual: string }>(
    'error',
    'Unit on top of a unit',
    ({ unit, actual }) => `\`${unit}\` stands after ${actual}, which has a unit already.`,
  ),
  BENCH3016: entry<Named & { placeholders: string }>(
    'error',
    'Unknown placeholder',
    ({ name, placeholders, suggestion }) =>
      `\`${name}\` is neither a param nor a placeholder (${placeholders}).${didYouMean(suggestion)}`,
  ),
  BENCH3017: entry<{ name: string; suggestion: string }>(
    'hint',
    'Spelling to be avoided',
    ({ name, suggestion }) => `\`${name}\` is understood, but \`${suggestion}\` is what everybody reads the same way.`,
    { isDeprecated: true },
  ),

  // ── backends, datasets, monitors and their options ──
  BENCH4001: entry<Named>('error', 'Unknown protocol', unknown('protocol')),
  BENCH4002: entry<Named>('error', 'Unknown dataset source', unknown('dataset source')),
  BENCH4003: entry<Named>('error', 'Unknown monitor source', unknown('monitor source')),
  BENCH4004: entry<Named & { where: string }>(
    'error',
    'Unknown property',
    ({ name, where, suggestion }) => `${where} has no \`${name}\`.${didYouMean(suggestion)}`,
  ),
  BENCH4005: entry<{ what: string; name: string }>(
    'error',
    'Something required is missing',
    ({ what, name }) => `${what} needs \`${name}\`.`,
  ),
  BENCH4006: entry<{ name: string }>('error', 'Written twice', ({ name }) => `\`${name}\` is already written above.`),
  BENCH4007: entry<{ url: string; problem: string }>(
    'error',
    'Malformed address',
    ({ url, problem }) => `"${url}" is not an address: ${problem}.`,
  ),
  BENCH4008: entry<Named>('error', 'Unknown report format', unknown('report format')),
  BENCH4009: entry<{ source: string; what: string }>(
    'error',
    'Source without what it reads',
    ({ source, what }) => `\`from ${source}\` needs ${what} after it.`,
  ),
  BENCH4010: entry<{ source: string }>(
    'error',
    'Source that takes no text',
    ({ source }) => `\`from ${source}\` takes no text after it.`,
  ),
  BENCH4011: entry<{ what: string }>(
    'info',
    'Not available in this version',
    ({ what }) => `${what} compiles, but a run refuses it: it is not available in this version.`,
  ),
  BENCH4012: entry<{ protocol: string; option: string }>(
    'warning',
    'Option the engine does not know',
    ({ protocol, option }) => `\`${protocol}\` has no way to say \`${option}\`; servers may refuse or ignore it.`,
  ),
  BENCH4013: entry<{ path: string; problem: string }>(
    'error',
    'Malformed path into JSON',
    ({ path, problem }) => `"${path}" is not a JSONPath: ${problem}.`,
  ),
  BENCH4014: entry<object>(
    'error',
    'Source and mix in one dataset',
    () => 'A dataset has either a source (`from`) or a `mix`, not both.',
  ),
  BENCH4015: entry<{ name: string }>('error', 'Mix that contains itself', ({ name }) => `\`${name}\` contains itself.`),
  BENCH4016: entry<{ total: string }>(
    'warning',
    'Shares that do not add up',
    ({ total }) => `The shares add up to ${total}, not 100 %; they are scaled.`,
  ),
  BENCH4017: entry<{ problem: string }>(
    'warning',
    'Launch that does not fit its backend',
    ({ problem }) => `The server would be started otherwise than it is asked: ${problem}.`,
  ),
  BENCH4018: entry<{ name: string; value: string; total: string }>(
    'warning',
    'Timeout that never comes',
    ({ name, value, total }) =>
      `\`${name}\` (${value}) is longer than \`total\` (${total}), which cuts the request before.`,
  ),
  BENCH4019: entry<{ name: string; needs: string }>(
    'error',
    'Option without effect',
    ({ name, needs }) => `\`${name}\` has no effect here: it belongs to \`${needs}\`.`,
  ),
  BENCH4020: entry<{ problem: string; remedy: string }>(
    'error',
    'Options that cannot be together',
    ({ problem, remedy }) => `${problem} ${remedy}`,
  ),

  // ── load ──
  BENCH5001: entry<object>('error', 'Stage that sends nothing', () => 'A stage needs `rate`, `users` or `replay`.'),
  BENCH5002: entry<{ first: string; second: string }>(
    'error',
    'Clauses that exclude each other',
    ({ first, second }) => `\`${first}\` and \`${second}\` exclude each other in one stage.`,
  ),
  BENCH5003: entry<{ clause: string }>(
    'error',
    'Stage without an end',
    ({ clause }) => `The stage has no end: add \`${clause}\`.`,
  ),
  BENCH5004: entry<{ clause: string; needs: string }>(
    'error',
    'Clause that does not belong here',
    ({ clause, needs }) => `\`${clause}\` belongs to ${needs}.`,
  ),
  BENCH5005: entry<{ last: string; end: string }>(
    'warning',
    'Steps that do not divide',
    ({ last, end }) => `The steps do not divide the range: the last is ${last}, ${end} is never reached.`,
  ),
  BENCH5006: entry<{ period: string; duration: string }>(
    'warning',
    'Period longer than its stage',
    ({ period, duration }) => `The period (${period}) is longer than the stage (${duration}).`,
  ),
  BENCH5007: entry<object>(
    'info',
    'No warm-up',
    () => 'Without a warm-up the first requests measure cold caches and connections.',
  ),
  BENCH5008: entry<{ name: string }>(
    'error',
    'Two stages of one name',
    ({ name }) => `There is another stage named \`${name}\`.`,
  ),
  BENCH5009: entry<Named>('error', 'Unknown arrivals', unknown('kind of arrivals')),
  BENCH5010: entry<object>('error', 'Load without stages', () => 'A load needs at least one `stage`.'),
  BENCH5011: entry<{ spike: string; period: string }>(
    'error',
    'Spike longer than its period',
    ({ spike, period }) => `The spike (${spike}) is not shorter than its period (${period}).`,
  ),
  BENCH5012: entry<{ users: string; limit: string }>(
    'warning',
    'More users than may be in flight',
    ({ users, limit }) => `${users} users cannot all send at once: at most ${limit} requests may be in flight.`,
  ),
  BENCH5013: entry<{ duration: string; timeout: string }>(
    'info',
    'Stage shorter than a timeout',
    ({ duration, timeout }) =>
      `The stage lasts ${duration}, less than the timeout of ${timeout}: requests that hang are cut by the drain, not counted as timed out.`,
  ),
  BENCH5014: entry<{ steps: number; maximum: number }>(
    'error',
    'Too many steps',
    ({ steps, maximum }) => `This makes ${steps} stages; at most ${maximum} are allowed.`,
  ),
  BENCH5015: entry<{ source: string }>(
    'warning',
    'Replay without arrival times',
    ({ source }) => `\`replay\` needs a dataset with arrival times; \`${source}\` has none. A run would stop here.`,
  ),
  BENCH5016: entry<{ expected: string; limit: string; because: string }>(
    'warning',
    'More in flight than allowed',
    ({ expected, limit, because }) =>
      `About ${expected} requests will be in flight (${because}), but at most ${limit} are allowed: the rest wait in the generator.`,
  ),
  BENCH5017: entry<{ requests: string }>(
    'warning',
    'Stage too short for a request',
    ({ requests }) => `At its rate the stage sends ${requests} requests: make it longer, or the rate higher.`,
  ),
  BENCH5018: entry<{ rate: string; most: string }>(
    'warning',
    'Warm-up above every stage',
    ({ rate, most }) =>
      `The warm-up sends ${rate}, more than any stage (${most}): the measurement would begin with its backlog.`,
  ),
  BENCH5019: entry<{ drain: string; latency: string }>(
    'warning',
    'Drain shorter than a request',
    ({ drain, latency }) =>
      `A request takes about ${latency}, but after ${drain} the drain cuts what is left: the last requests would not be counted.`,
  ),
  BENCH5020: entry<{ spike: string; base: string }>(
    'warning',
    'Spike that is none',
    ({ spike, base }) => `The spike (${spike}) is not above the rate it rises from (${base}).`,
  ),

  // ── SLAs ──
  BENCH6001: entry<Named>('error', 'Unknown metric', unknown('metric')),
  BENCH6002: entry<Named>('error', 'Unknown statistic', unknown('statistic')),
  BENCH6003: entry<{ metric: string }>(
    'error',
    'Which statistic?',
    ({ metric }) => `\`${metric}\` has a value for each request: say which statistic, e.g. \`${metric} p95\`.`,
  ),
  BENCH6004: entry<{ metric: string; statistic: string }>(
    'error',
    'Statistic of a single value',
    ({ metric, statistic }) => `\`${metric}\` is one value of the whole run and has no \`${statistic}\`.`,
  ),
  BENCH6005: entry<{ metric: string; reason: string }>(
    'error',
    'Metric the endpoint cannot give',
    ({ metric, reason }) => `\`${metric}\` cannot be measured here: ${reason}.`,
  ),
  BENCH6006: entry<{ monitor: string; benchmark: string }>(
    'error',
    'Limit on a monitor that is not watched',
    ({ monitor, benchmark }) => `\`${benchmark}\` does not watch \`${monitor}\`: add it to \`watch\`.`,
  ),
  BENCH6007: entry<Named & { monitor: string }>(
    'error',
    'Unknown series',
    ({ name, monitor, suggestion }) => `\`${monitor}\` has no series \`${name}\`.${didYouMean(suggestion)}`,
  ),
  BENCH6008: entry<{ statistic: string; needed: number; planned: number }>(
    'warning',
    'Percentile out of reach',
    ({ statistic, needed, planned }) =>
      `${statistic} needs about ${needed} requests to be known with confidence; this plan sends ${planned}.`,
  ),
  BENCH6009: entry<{ this: string; other: string }>(
    'error',
    'Contradictory limits',
    ({ this: own, other }) => `\`${own}\` contradicts \`${other}\`.`,
  ),
  BENCH6010: entry<{ metric: string; better: string; comparison: string }>(
    'warning',
    'Limit from the wrong side',
    ({ metric, better, comparison }) =>
      `\`${metric}\` is better when ${better}; \`${comparison}\` fails a server for being good.`,
  ),
  BENCH6011: entry<{ metric: string }>(
    'error',
    'Goodput of something that is not a request',
    ({ metric }) => `\`${metric}\` has no value for each request and cannot stand after \`where\`.`,
  ),
  BENCH6012: entry<object>(
    'error',
    'Goodput without its limits',
    () => '`goodput` needs the limits a good request meets: `goodput > 95 % where ttft < 200 ms`.',
  ),
  BENCH6013: entry<object>(
    'error',
    'Regression against what?',
    () => '`regression` needs a baseline: `against "./baseline.json"`.',
  ),
  BENCH6014: entry<{ word: string; metric: string }>(
    'error',
    'Word that does not belong to this limit',
    ({ word, metric }) => `\`${word}\` has no meaning for \`${metric}\`.`,
  ),
  BENCH6015: entry<object>('warning', 'Empty SLA', () => 'This SLA has no limits.'),
  BENCH6016: entry<{ backend: string }>(
    'error',
    'Per GPU of how many?',
    ({ backend }) => `\`per gpu\` needs the number of GPUs: add \`gpus\` to \`${backend}\`.`,
  ),
  BENCH6017: entry<{ this: string; other: string }>(
    'warning',
    'Limit that another makes needless',
    ({ this: own, other }) => `Of \`${own}\` and \`${other}\` one decides nothing: is one of the numbers a slip?`,
  ),
  BENCH6018: entry<{ limit: string; most: string }>(
    'warning',
    'Throughput that no stage asks for',
    ({ limit, most }) => `${limit} cannot be met: the stages ask for ${most} at most.`,
  ),
  BENCH6019: entry<{ limit: string; timeout: string; value: string }>(
    'warning',
    'Limit that no answer can break',
    ({ limit, timeout, value }) =>
      `A request is cut by \`${timeout}\` after ${value}, so no answer can be slower than ${limit}; slow ones count as errors instead.`,
  ),

  // ── benchmarks and studies ──
  BENCH7001: entry<{ slots: string }>('error', 'Benchmark with a gap', ({ slots }) => `The benchmark needs ${slots}.`),
  BENCH7002: entry<{ what: string; planned: string; budget: string }>(
    'warning',
    'Plan beyond its budget',
    ({ what, planned, budget }) =>
      `The plan needs about ${planned} (${what}), the budget allows ${budget}: the run will end early.`,
  ),
  BENCH7003: entry<{ tokens: string; context: string }>(
    'warning',
    'Prompt beyond the context',
    ({ tokens, context }) => `Prompt and answer may reach ${tokens}, but the model takes ${context}.`,
  ),
  BENCH7004: entry<{ source: string }>(
    'warning',
    'Warm-up that fills the prefix cache',
    ({ source }) =>
      `With \`fresh-prefix off\` the warm-up puts \`${source}\`'s prompts into the prefix cache before they are measured.`,
  ),
  BENCH7005: entry<Named & { where: string }>(
    'error',
    'Nothing of that name to vary',
    ({ name, where, suggestion }) => `${where} has no \`${name}\` to vary.${didYouMean(suggestion)}`,
  ),
  BENCH7006: entry<{ runs: number; duration: string; fewer: string }>(
    'warning',
    'Sweep that explodes',
    ({ runs, duration, fewer }) => `This sweep makes ${runs} runs${duration}.${fewer}`,
  ),
  BENCH7007: entry<{ name: string }>(
    'error',
    'Nothing to vary',
    ({ name }) => `\`${name}\` varies nothing: add \`vary\`.`,
  ),
  BENCH7008: entry<Named>('error', 'Nothing of that name to search', unknown('thing to search for:')),
  BENCH7009: entry<{ problem: string }>('error', 'Comparison that compares nothing', ({ problem }) => problem),
  BENCH7010: entry<Named>(
    'error',
    'Neither max nor min',
    ({ name }) => `Write \`max\` or \`min\` instead of \`${name}\`.`,
  ),
  BENCH7011: entry<{ dataset: string; entries: string; planned: string }>(
    'warning',
    'Fewer entries than requests',
    ({ dataset, entries, planned }) =>
      `\`${dataset}\` keeps at most ${entries} entries for about ${planned} requests: prompts repeat, and caches answer for the model.`,
  ),
  BENCH7012: entry<{ runs: string; maximum: string; fewer: string }>(
    'error',
    'Sweep that never ends',
    ({ runs, maximum, fewer }) => `This sweep makes ${runs} runs; at most ${maximum} are allowed.${fewer}`,
  ),
  BENCH7013: entry<{ point: string; problem: string }>(
    'error',
    'Run of a sweep that cannot be',
    ({ point, problem }) => `With \`${point}\`: ${problem}`,
  ),
  BENCH7014: entry<{ benchmark: string }>(
    'error',
    'Search that nothing limits',
    ({ benchmark }) =>
      `Nothing says when a value is too much: add \`meeting\` with an SLA here, or \`expect\` to \`${benchmark}\`.`,
  ),
  BENCH7015: entry<{ lacks: string }>(
    'warning',
    'Progressive sweep that cannot stop',
    ({ lacks }) => `\`design progressive\` runs everything here: ${lacks}.`,
  ),
  BENCH7016: entry<{ name: string; benchmark: string }>(
    'warning',
    'Variation that changes nothing',
    ({ name, benchmark }) => `\`${benchmark}\` does not use \`${name}\`: its values make the same run again and again.`,
  ),
  BENCH7017: entry<object>(
    'info',
    'Answers of any length',
    () =>
      'The model may end its answers before the asked length. Engines such as vLLM, SGLang and llama.cpp make exactly that many tokens with `sampling { ignore-eos on }`.',
  ),
  BENCH7018: entry<{ backend: string }>(
    'error',
    'Budget of money without a price',
    ({ backend }) => `Nobody knows what a run costs: add \`price\` to \`${backend}\`, or this budget never ends it.`,
  ),

  // ── secrets ──
  BENCH8001: entry<{ what: string }>(
    'error',
    'Secret written in the file',
    ({ what }) =>
      `${what} must not stand in a file: write \`secret("NAME")\` and put it into the environment or the editor's secret storage.`,
  ),
  BENCH8002: entry<{ host: string }>(
    'warning',
    'Key sent in the clear',
    ({ host }) => `The key goes to ${host} over plain http, readable on the way. Use https.`,
  ),

  // ── data files ──
  BENCH9001: entry<{ path: string }>(
    'warning',
    'File not found',
    ({ path }) => `There is no file "${path}". A run would stop here.`,
  ),
  BENCH9002: entry<{ path: string; line: number; problem: string }>(
    'error',
    'File of the wrong shape',
    ({ path, line, problem }) => `"${path}" line ${line}: ${problem}.`,
  ),
  BENCH9003: entry<{ path: string; why: string }>(
    'error',
    'File that cannot be read',
    ({ path, why }) => `"${path}" cannot be read: ${why}.`,
  ),
  BENCH9004: entry<{ jsonpath: string; path: string; fields: string }>(
    'warning',
    'Path that matches nothing',
    ({ jsonpath, path, fields }) =>
      `\`${jsonpath}\` matches nothing in the first entries of "${path}". They have ${fields}.`,
  ),
} as const;

export type DiagnosticCode = keyof typeof DIAGNOSTICS;
export type DiagnosticProps<Code extends DiagnosticCode> = Parameters<(typeof DIAGNOSTICS)[Code]['message']>[0];

/** The page that explains a code, relative to the package. */
export function docsOf(code: DiagnosticCode): string {
  return `docs/diagnostics/${code}.md`;
}

export function isDiagnosticCode(code: unknown): code is DiagnosticCode {
  return typeof code === 'string' && code in DIAGNOSTICS;
}
