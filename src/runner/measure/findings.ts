/** What the numbers show, in words: each finding rests on figures of this run and on nothing else. */
import { formatMeasured } from '../../contract/format-measured.ts';
import { FAILURE_REASONS, type FailureReason } from '../../contract/outcome.ts';
import type { FailureSummary, Finding, ReportData, StageReport } from '../../contract/report.ts';
import { FAILURE_ADVICE } from './failure-advice.ts';
import type { Lag } from './fold/lag.ts';
import type { MonitorSeries } from './fold/monitor-fold.ts';
import type { WindowFold } from './fold/window-fold.ts';
import { failureClass } from './request-value.ts';
import { percentile, type RankedSample } from './statistics/ranked-sample.ts';

export interface FindingEvidence {
  readonly requests: ReportData['requests'];
  readonly failures: readonly FailureSummary[];
  readonly stages: readonly { readonly report: StageReport; readonly lag: Lag | undefined }[];
  readonly fold: WindowFold;
  readonly inFlightLimit: number | undefined;
  readonly inFlightPeak: number;
  readonly monitors: readonly MonitorSeries[];
  /** Host of the backend, and each address its name led to, in their order; none where it has no name. */
  readonly host: string;
  readonly addresses: readonly { readonly address: string; readonly atMs: number }[];
}

const percent = (value: number): string => formatMeasured(value, 'ratio', 3);
const median = (sample: RankedSample | undefined): string =>
  sample === undefined ? '–' : formatMeasured(percentile(sample, 0.5), 'ms', 3);

export function findFindings(evidence: FindingEvidence): readonly Finding[] {
  return [
    ...errorFindings(evidence),
    ...saturationFindings(evidence),
    ...limitFindings(evidence),
    ...tokenFindings(evidence),
    ...hostFindings(evidence.monitors),
    ...addressFindings(evidence),
  ];
}

/** From this share of the requests on an error is critical. */
const CRITICAL_SHARE = 0.05;

function errorFindings({ failures, requests }: FindingEvidence): readonly Finding[] {
  return failures.map(({ reason, count, detail, firstAtMs }) => {
    const name = reason.split(' ', 1)[0] as FailureReason;
    const advice = FAILURE_ADVICE[name] as (typeof FAILURE_ADVICE)[FailureReason] | undefined;
    return {
      code: `errors-${reason.replace(' ', '-')}`,
      severity: count / requests.due >= CRITICAL_SHARE ? 'critical' : 'warning',
      title: `${count} of ${requests.due} requests failed: ${reason}`,
      evidence: [
        ...(FAILURE_REASONS[name] === undefined ? [] : [FAILURE_REASONS[name].doc]),
        `${percent(count / requests.due)} of the measured requests; the first ${formatMeasured(firstAtMs, 'ms', 3)} into the run.`,
        ...(detail === undefined ? [] : [`${saidBy(reason)} said: ${detail}`]),
      ],
      advice: {
        now: advice === undefined ? [] : [advice.now],
        next: advice === undefined ? [] : [advice.next],
        later: [],
      },
    };
  });
}

function saidBy(reason: string): string {
  const by = failureClass(reason);
  if (by === 'generator') return 'This machine';
  return by === 'http' || by === 'abnormal' ? 'The server' : 'The network';
}

/** A lag that grew by more than this share of the stage is a queue that would have gone on growing. */
const SATURATED_SHARE = 0.1;

function saturationFindings({ stages }: FindingEvidence): readonly Finding[] {
  const saturated = stages.filter(({ report, lag }) => {
    const lengthMs = report.endedMs - report.startedMs;
    return lag !== undefined && lag.growthMs > SATURATED_SHARE * lengthMs;
  });
  const first = saturated[0];
  if (first === undefined) return [];
  const held = stages
    .filter((stage) => !saturated.includes(stage) && stage.report.asked.ratePerSecond !== undefined)
    .map(({ report }) => report.asked.ratePerSecond as number);
  const isBelow = (rate: number): boolean => rate < (first.report.asked.ratePerSecond ?? 0);
  const highest = Math.max(...held.filter(isBelow));
  return [
    {
      code: 'saturation',
      severity: 'critical',
      title: `The server fell behind at ${formatMeasured(first.report.asked.ratePerSecond ?? 0, 'req/s', 3)} (stage "${first.report.name}")`,
      evidence: [
        ...saturated.map(
          ({ report, lag }) =>
            `Stage "${report.name}": from due to end took ${median(lag?.first)} (median) at its beginning and ${median(lag?.last)} at its end; up to ${report.delivered.concurrencyPeak} in flight.`,
        ),
        ...(Number.isFinite(highest) ? [`It held ${formatMeasured(highest, 'req/s', 3)} without falling behind.`] : []),
      ],
      advice: {
        now: ['Read latencies of this stage as those of a growing queue: they depend on how long the stage lasted.'],
        next: ['Find the highest rate without growth between the last stage that held and this one.'],
        later: ['Add capacity, or limit requests in flight in front of the server.'],
      },
    },
  ];
}

function limitFindings({ inFlightLimit, inFlightPeak, requests }: FindingEvidence): readonly Finding[] {
  if (inFlightLimit === undefined || inFlightPeak < inFlightLimit) return [];
  return [
    {
      code: 'in-flight-limit-reached',
      severity: requests.dropped > 0 ? 'warning' : 'info',
      title: `The limit of ${inFlightLimit} requests in flight was reached`,
      evidence: [
        requests.dropped > 0
          ? `${requests.dropped} of ${requests.due} requests were dropped and never sent.`
          : 'Requests due while it was reached waited in the generator: compare the latencies from due with those from sent.',
      ],
      advice: {
        now: ['Read the delivered rate of each stage beside the asked one.'],
        next: ['Raise `in-flight at most` if the limit is not meant to be part of the test.'],
        later: [],
      },
    },
  ];
}

/** Above this mean, reads carry several tokens often enough to matter. */
const SEVERAL_TOKENS_PER_READ = 1.05;
const TOLERATED_TOKEN_DIFFERENCE = 0.02;

function tokenFindings({ fold }: FindingEvidence): readonly Finding[] {
  const { compared, beyond, usage, counted } = fold.tokenCheck;
  const findings: Finding[] = [];
  const difference = usage === 0 ? 0 : counted / usage - 1;
  if (compared > 0 && Math.abs(difference) > TOLERATED_TOKEN_DIFFERENCE)
    findings.push({
      code: 'token-mismatch',
      severity: 'warning',
      title: 'Server and tokenizer count output tokens differently',
      evidence: [
        `The server's usage says ${usage} tokens over ${compared} answers, the declared tokenizer ${counted} (${percent(difference)}).`,
        `${beyond} answers differ by more than ${percent(TOLERATED_TOKEN_DIFFERENCE)}.`,
      ],
      advice: {
        now: ['Check that the declared tokenizer is the model’s own.'],
        next: ['Compare throughput and tpot only with runs that count alike.'],
        later: [],
      },
    });
  const reads = fold.samples.get('tokens-per-read')?.build();
  if (reads !== undefined && reads.count > 0 && reads.mean > SEVERAL_TOKENS_PER_READ)
    findings.push({
      code: 'several-tokens-per-read',
      severity: 'info',
      title: 'The server sends several tokens at a time',
      evidence: [
        `${formatMeasured(reads.mean, 'tokens', 3)} per network read on average, ${formatMeasured(percentile(reads, 0.95), 'tokens', 3)} at p95: itl is a gap between reads here, not between tokens.`,
      ],
      advice: { now: ['Use tpot to compare with servers that send every token by itself.'], next: [], later: [] },
    });
  return findings;
}

/** Series of a host or GPU, and the level at which it is a bottleneck when it is there most of the time. */
const FULL: Readonly<Record<string, { readonly level: number; readonly says: string }>> = {
  cpu: { level: 0.9, says: 'CPU' },
  memory: { level: 0.95, says: 'Memory' },
  'io-wait': { level: 0.5, says: 'Waiting for disks' },
  utilization: { level: 0.95, says: 'Utilization' },
};

function hostFindings(monitors: readonly MonitorSeries[]): readonly Finding[] {
  return monitors.flatMap(({ monitor, device, series, dimension, sample }) => {
    const full = FULL[series];
    if (full === undefined || dimension !== 'ratio' || sample.count === 0 || percentile(sample, 0.5) <= full.level)
      return [];
    const where = device === '' ? monitor : `${monitor} ${device}`;
    return [
      {
        code: `full-${series}`,
        severity: 'warning',
        title: `${full.says} of ${where} was above ${percent(full.level)} most of the time`,
        evidence: [
          `Median ${percent(percentile(sample, 0.5))}, p95 ${percent(percentile(sample, 0.95))} of ${sample.count} samples in the measured window.`,
        ],
        advice: {
          now: ['See in the charts whether latency follows it.'],
          next: ['If this is the machine that sends the load, send from another one.'],
          later: [],
        },
      } satisfies Finding,
    ];
  });
}

/** Of a name that leads to many, the first few say what there is to say. */
const MOST_ADDRESSES_NAMED = 8;

function addressFindings({ host, addresses }: FindingEvidence): readonly Finding[] {
  if (addresses.length < 2) return [];
  const named = addresses
    .slice(0, MOST_ADDRESSES_NAMED)
    .map(({ address, atMs }) => `${address} (first ${formatMeasured(atMs, 'ms', 3)} into the run)`);
  const more = addresses.length - named.length;
  return [
    {
      code: 'several-addresses',
      severity: 'info',
      title: `${host} led to ${addresses.length} addresses`,
      evidence: [
        `Connections went to ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
        'The name is asked for whenever a connection is opened; one that is open stays where it is. The figures are those of all addresses together.',
      ],
      advice: {
        now: ['If one server is to be measured, put its address in the backend’s `url`.'],
        next: ['If the balancing is part of the test, look at each server’s own metrics for how the load was shared.'],
        later: [],
      },
    },
  ];
}
