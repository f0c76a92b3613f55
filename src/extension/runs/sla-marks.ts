/** What stands behind an SLA's line: measured value, verdict, and whether the file is still the one that was measured. */
import { formatMeasured } from '../../contract/format-measured.ts';
import type { SlaResult, SlaVerdict } from '../../contract/report.ts';
import type { RunSession } from './run-session.ts';

/** An SLA with what was measured against it, live or in the end. */
export interface MeasuredSla {
  readonly text: string;
  /** 1-based, where it stood when it was measured. */
  readonly line: number;
  readonly file: string;
  readonly verdict: SlaVerdict;
  /** With its unit. */
  readonly actual?: string;
  readonly note?: string;
  /** `live`: may still change. `stale`: the file was edited since. */
  readonly state: 'live' | 'final' | 'stale';
  /** The generator, not the server, was the limit: the value proves nothing. */
  readonly isInvalid: boolean;
}

export interface SlaMark {
  /** 0-based. */
  readonly line: number;
  readonly text: string;
  readonly verdict: SlaVerdict;
  readonly state: MeasuredSla['state'];
  readonly isInvalid: boolean;
  readonly hover: string;
}

/** What of a result the marks are made from. */
export interface FinalResult {
  readonly sla: readonly SlaResult[];
  readonly isStale: boolean;
  readonly isInvalid: boolean;
}

const SIGNS: Readonly<Record<SlaVerdict, string>> = { met: '✓', breached: '✗', undecided: '?', unmeasured: '–' };

export function liveSlas(session: RunSession): readonly MeasuredSla[] {
  return (session.latest?.sla ?? []).flatMap((live): readonly MeasuredSla[] => {
    const plan = session.plan.slas[live.index];
    const header = session.header.slas[live.index];
    if (plan === undefined || header === undefined) return [];
    return [
      {
        text: plan.text,
        line: plan.location.line,
        file: plan.location.file,
        verdict: live.verdict,
        state: 'live',
        isInvalid: session.latest?.validity === 'invalid',
        ...(live.actual === undefined ? {} : { actual: formatMeasured(live.actual, header.unit) }),
      },
    ];
  });
}

export function finalSlas({ sla, isStale, isInvalid }: FinalResult): readonly MeasuredSla[] {
  return sla.map((result): MeasuredSla => ({
    text: result.text,
    line: result.line,
    file: result.file,
    verdict: result.verdict,
    state: isStale ? 'stale' : 'final',
    isInvalid,
    ...(result.actual === undefined ? {} : { actual: formatMeasured(result.actual, result.unit) }),
    ...noteOf(result),
  }));
}

/** Where the SLAs stand in the lines of their file now: an edited file may have moved or lost them. */
export function placeMarks(slas: readonly MeasuredSla[], lines: readonly string[]): readonly SlaMark[] {
  const folded = lines.map(foldSpace);
  const marks = new Map<number, SlaMark>();
  for (const sla of slas) {
    const line = nearestLine(folded, foldSpace(sla.text), sla.line - 1);
    if (line === undefined) continue;
    const before = marks.get(line);
    const mark = markOf(sla, line);
    // Two limits on one line share what stands behind it, the worse verdict giving the colour.
    marks.set(
      line,
      before === undefined
        ? mark
        : {
            ...(badness(before.verdict) >= badness(mark.verdict) ? before : mark),
            text: `${before.text}   ${mark.text}`,
            hover: `${before.hover}\n\n${mark.hover}`,
          },
    );
  }
  return [...marks.values()];
}

function markOf(sla: MeasuredSla, line: number): SlaMark {
  const value = sla.actual ?? (sla.state === 'live' ? 'not yet measured' : 'not measured');
  const validity = sla.isInvalid ? ' · measurement invalid' : '';
  const doubt = sla.verdict === 'undecided' ? ', undecided' : '';
  const when = { live: sla.actual === undefined ? '' : ' so far', final: '', stale: ' · before your last edit' }[
    sla.state
  ];
  return {
    line,
    text: `${SIGNS[sla.verdict]} ${value}${doubt}${when}${validity}`,
    verdict: sla.verdict,
    state: sla.state,
    isInvalid: sla.isInvalid,
    hover: `\`${sla.text}\`: ${sla.verdict}${sla.actual === undefined ? '' : `, measured ${sla.actual}`}${when}${validity}${sla.note === undefined ? '' : `. ${sla.note}`}`,
  };
}

function noteOf({ ci, unit, note }: SlaResult): { note?: string } {
  const bound = (value: number | undefined): string => (value === undefined ? 'unknown' : formatMeasured(value, unit));
  if (note !== undefined) return { note };
  return ci === undefined ? {} : { note: `95 % interval ${bound(ci.lower)} to ${bound(ci.upper)}` };
}

function nearestLine(lines: readonly string[], text: string, expected: number): number | undefined {
  const candidates = lines.flatMap((line, index) => (line.includes(text) ? [index] : []));
  return candidates.sort((left, right) => Math.abs(left - expected) - Math.abs(right - expected))[0];
}

function foldSpace(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

function badness(verdict: SlaVerdict): number {
  return ['met', 'unmeasured', 'undecided', 'breached'].indexOf(verdict);
}
