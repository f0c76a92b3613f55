/**
 * The run's verdict on itself: could the generator do what it was told, and was what it measured the server? A slow or failing server
 * never makes a run invalid.
 */
import { formatMeasured } from '../../contract/format-measured.ts';
import type { GeneratorSample, RunEventRecord } from '../../contract/record.ts';
import type { ReportData, StageReport, ValidityReason } from '../../contract/report.ts';
import { FAILURE_ADVICE } from './failure-advice.ts';
import { failureClass } from './request-value.ts';
import { THRESHOLDS, type Threshold } from './validity-thresholds.ts';

/** Connections that open faster than this, as on the machine itself, disturb nothing. */
const HARMLESS_CONNECT_MS = 5;

/** p-values above this are left to chance. */
const CHANCE = 0.001;

/** What the verdict is made from. */
export interface ValidityEvidence {
  readonly requests: ReportData['requests'];
  readonly stages: readonly StageReport[];
  /** Per stage, as `stages`: due and sent within the window, and requests that opened a connection early in it and later. */
  readonly deliveries: readonly StageDelivery[];
  /** Samples of the measured window. */
  readonly generator: readonly GeneratorSample[];
  /** How late requests left for reasons of the generator, over the whole window; the samples' own figure where it is not known. */
  readonly scheduleLag?: { readonly p99Ms: number; readonly maxMs: number };
  /** Of the successful requests, those the server took from its prefix cache although the scenario asks for fresh prompts. */
  readonly cacheHits: number;
  readonly events: readonly RunEventRecord[];
  readonly inFlightLimit: number | undefined;
  readonly inFlightPeak: number;
  /** Successful requests without a number of output tokens, though the scenario wants them counted. */
  readonly uncounted: number;
  /** Answers with more output tokens than were asked for, how many more in all, and as a share of all output tokens. */
  readonly beyondAsked?: { readonly answers: number; readonly tokens: number; readonly ratio: number };
  readonly unreadableLines: number;
  /** Nothing more comes: what is not measured now never is. */
  readonly isOver?: boolean;
  readonly isTorn: boolean;
}

export interface StageDelivery {
  readonly due: number;
  readonly sentWithin: number;
  /** Of the requests sent in the first second, and after it: how many, how many had to open a connection, and how long that took in all. */
  readonly first: { readonly sent: number; readonly connected: number; readonly connectMs: number };
  readonly rest: { readonly sent: number; readonly connected: number };
}

/** The generator over the whole window: what all but the worst twentieth of its seconds stayed within; its lag over all requests. */
export function summarizeGenerator({
  generator: samples,
  scheduleLag,
}: Pick<ValidityEvidence, 'generator' | 'scheduleLag'>): Partial<GeneratorSample> {
  if (samples.length === 0) return {};
  const within = (key: keyof GeneratorSample): number => {
    const sorted = samples.map((sample) => sample[key]).toSorted((left, right) => left - right);
    return sorted[Math.ceil(0.95 * sorted.length) - 1] as number;
  };
  // Days of samples are more than a call takes arguments.
  const highest = (key: keyof GeneratorSample): number =>
    samples.reduce((most, sample) => Math.max(most, sample[key]), -Infinity);
  return {
    loopLagMsP99: within('loopLagMsP99'),
    loopLagMsMax: highest('loopLagMsMax'),
    cpuRatio: within('cpuRatio'),
    gcPauseMsMax: within('gcPauseMsMax'),
    scheduleLagMsP99: scheduleLag?.p99Ms ?? within('scheduleLagMsP99'),
    scheduleLagMsMax: scheduleLag?.maxMs ?? highest('scheduleLagMsMax'),
    sockets: highest('sockets'),
    clockSkewMs: largestStep(samples),
  };
}

/** Largest change of the wall clock against the monotonic one between neighbouring samples. */
function largestStep(samples: readonly GeneratorSample[]): number {
  let largest = 0;
  for (let index = 1; index < samples.length; index++) {
    const step = (samples[index] as GeneratorSample).clockSkewMs - (samples[index - 1] as GeneratorSample).clockSkewMs;
    if (Math.abs(step) > Math.abs(largest)) largest = step;
  }
  return largest;
}

export function judgeValidity(evidence: ValidityEvidence): Pick<ReportData['validity'], 'verdict' | 'reasons'> {
  const reasons = [
    ...generatorReasons(evidence),
    ...loadReasons(evidence),
    ...requestReasons(evidence),
    ...recordReasons(evidence),
  ];
  const verdict = reasons.some(({ severity }) => severity === 'invalid')
    ? 'invalid'
    : reasons.length > 0
      ? 'suspect'
      : 'valid';
  return { verdict, reasons };
}

/** A reason where the value is beyond a threshold. */
function exceeding(
  code: string,
  name: keyof typeof THRESHOLDS,
  value: number,
  says: string,
  remedy = '',
): readonly ValidityReason[] {
  const threshold: Threshold = THRESHOLDS[name];
  if (!(value > threshold.suspect)) return [];
  const severity = threshold.invalid !== undefined && value > threshold.invalid ? 'invalid' : 'suspect';
  return [{ code, severity, message: `${says} ${threshold.why} ${remedy}`.trimEnd() }];
}

const ms = (value: number): string => formatMeasured(value, 'ms', 3);
const percent = (value: number): string => formatMeasured(value, 'ratio', 3);

function generatorReasons(evidence: ValidityEvidence): readonly ValidityReason[] {
  const { requests } = evidence;
  const summary = summarizeGenerator(evidence);
  const { loopLagMsP99, scheduleLagMsP99, cpuRatio, gcPauseMsMax, clockSkewMs } = summary;
  if (loopLagMsP99 === undefined)
    return requests.sent === 0
      ? []
      : [
          {
            code: 'generator-unobserved',
            severity: 'suspect',
            message: 'The run was too short, or its record too torn, to know how the generator fared.',
          },
        ];
  return [
    ...exceeding('loop-lag', 'loopLagMs', loopLagMsP99, `Event loop lag p99 was ${ms(loopLagMsP99)}.`),
    ...exceeding(
      'schedule-lag',
      'scheduleLagMs',
      scheduleLagMsP99 ?? 0,
      `Requests left up to ${ms(scheduleLagMsP99 ?? 0)} (p99) after they were due.`,
    ),
    ...exceeding(
      'generator-cpu',
      'cpuRatio',
      cpuRatio ?? 0,
      `The busiest worker thread was busy ${percent(cpuRatio ?? 0)} of the time.`,
    ),
    ...exceeding(
      'gc-pauses',
      'gcPauseMs',
      gcPauseMsMax ?? 0,
      `Garbage collection paused for ${ms(gcPauseMsMax ?? 0)}.`,
    ),
    ...exceeding(
      'clock-step',
      'clockStepMs',
      Math.abs(clockSkewMs ?? 0),
      `The wall clock jumped by ${ms(clockSkewMs ?? 0)}.`,
    ),
  ];
}

function loadReasons(evidence: ValidityEvidence): readonly ValidityReason[] {
  const { inFlightLimit, inFlightPeak, stages, deliveries } = evidence;
  const isLimited = inFlightLimit !== undefined && inFlightPeak >= inFlightLimit;
  const violated: readonly ValidityReason[] =
    inFlightLimit !== undefined && inFlightPeak > inFlightLimit
      ? [
          {
            code: 'in-flight-limit',
            severity: 'invalid',
            message: `${inFlightPeak} requests were in flight at once, more than the declared ${inFlightLimit}.`,
          },
        ]
      : [];
  // Where the declared limit held requests back, the load is what the scenario says, and a slow server is the cause.
  const delivered = isLimited ? [] : stages.flatMap((stage, index) => deliveryReasons(stage, deliveries[index]));
  return [...violated, ...delivered, ...stages.flatMap((stage, index) => connectionReasons(stage, deliveries[index]))];
}

function deliveryReasons(stage: StageReport, delivery: StageDelivery | undefined): readonly ValidityReason[] {
  const { delivered, asked, name } = stage;
  if (asked.ratePerSecond === undefined || delivery === undefined || delivery.due === 0) return [];
  const short = 1 - delivery.sentWithin / delivery.due;
  const { ksPValue, ksDistance, dispersion } = delivered;
  const isUnlikely = (pValue: number | undefined): boolean => pValue !== undefined && pValue < CHANCE;
  return [
    ...exceeding(
      'rate-short',
      'rateShortRatio',
      short,
      `Stage "${name}" sent ${delivery.sentWithin} of ${delivery.due} requests in time.`,
    ),
    ...(isUnlikely(ksPValue)
      ? exceeding(
          'arrival-distribution',
          'ksDistance',
          ksDistance ?? 0,
          `In stage "${name}" the gaps between requests are off by up to ${percent(ksDistance ?? 0)} from the declared distribution.`,
        )
      : []),
    ...(isUnlikely(dispersion?.pValue)
      ? exceeding(
          'arrival-distribution',
          'dispersionRatio',
          dispersion?.ratio ?? 0,
          `In stage "${name}" the gaps between requests vary ${percent(dispersion?.ratio ?? 0)} as much as random ones.`,
        )
      : []),
  ];
}

/** A server that closes every connection makes all requests connect, early and late: then it is not a start-up burst. */
function connectionReasons(stage: StageReport, delivery: StageDelivery | undefined): readonly ValidityReason[] {
  if (delivery === undefined || delivery.first.connected === 0) return [];
  const { first, rest } = delivery;
  const eachMs = first.connectMs / first.connected;
  if (eachMs < HARMLESS_CONNECT_MS) return [];
  const early = first.connected / first.sent;
  const late = rest.sent === 0 ? 0 : rest.connected / rest.sent;
  if (late > early / 2) return [];
  return exceeding(
    'connections-in-window',
    'connectingShareRatio',
    early,
    `In the first second of stage "${stage.name}" ${first.connected} of ${first.sent} requests had to open a connection, which took ${ms(eachMs)} each.`,
  );
}

function requestReasons({
  requests,
  uncounted,
  cacheHits,
  events,
  beyondAsked,
  isOver = false,
}: ValidityEvidence): readonly ValidityReason[] {
  const { succeeded, censored, due, byReason } = requests;
  const failedHere = Object.entries(byReason).filter(([key]) => failureClass(key) === 'generator');
  const count = failedHere.reduce((sum, [, each]) => sum + each, 0);
  const late = events.findLast((event) => event.type === 'server.late');
  return [
    ...exceeding(
      'generator-failures',
      'generatorFailures',
      count,
      `${count} of ${due} requests failed in the generator (${failedHere.map(([key]) => key).join(', ')}).`,
      failedHere.map(([key]) => (FAILURE_ADVICE as Partial<Record<string, { now: string }>>)[key]?.now ?? '').join(' '),
    ),
    ...(succeeded < THRESHOLDS.fewestSuccesses.suspect && (due > 0 || isOver)
      ? [
          {
            code: 'sample-small',
            severity: 'suspect',
            message: `${describeSuccesses(due, succeeded)} ${THRESHOLDS.fewestSuccesses.why}`,
          } as const,
        ]
      : []),
    ...exceeding(
      'censored',
      'censoredRatio',
      due === 0 ? 0 : censored / due,
      `${censored} of ${due} requests were cut before their end.`,
    ),
    ...exceeding(
      'tokens-uncounted',
      'uncountedRatio',
      succeeded === 0 ? 0 : uncounted / succeeded,
      `${uncounted} of ${succeeded} answers came without a number of output tokens.`,
    ),
    ...exceeding(
      'tokens-beyond-asked',
      'beyondAskedRatio',
      beyondAsked?.ratio ?? 0,
      `${beyondAsked?.answers} of ${succeeded} answers had ${beyondAsked?.tokens} more output tokens than were asked for, ${percent(beyondAsked?.ratio ?? 0)} of all.`,
    ),
    ...exceeding(
      'prefix-cache',
      'cacheHitRatio',
      succeeded === 0 ? 0 : cacheHits / succeeded,
      `The server took ${cacheHits} of ${succeeded} prompts from its prefix cache.`,
    ),
    ...(late === undefined
      ? []
      : exceeding(
          'server-late',
          'serverLateMs',
          late.latenessMsP99,
          `The simulator was late by ${ms(late.latenessMsP99)} (p99).`,
        )),
  ];
}

function describeSuccesses(due: number, succeeded: number): string {
  if (due === 0) return 'Nothing was measured.';
  if (succeeded === 0) return 'No request succeeded.';
  return `Only ${succeeded} ${succeeded === 1 ? 'request' : 'requests'} succeeded.`;
}

function recordReasons({ isTorn, unreadableLines, events }: ValidityEvidence): readonly ValidityReason[] {
  const died = events.find((event) => event.type === 'stopping' && event.why === 'worker-died');
  const reasons: ValidityReason[] = [];
  if (died !== undefined)
    reasons.push({
      code: 'worker-died',
      severity: 'invalid',
      message: 'A load worker ended or hung during the run: its part of the load, and of the record, is missing.',
    });
  if (isTorn)
    reasons.push({
      code: 'record-torn',
      severity: 'suspect',
      message: 'The record ends before the run did: requests in flight when the runner was killed are missing.',
    });
  if (unreadableLines > 0)
    reasons.push({
      code: 'record-unreadable',
      severity: 'suspect',
      message: `${unreadableLines} ${unreadableLines === 1 ? 'line' : 'lines'} of the record could not be read.`,
    });
  return reasons;
}
