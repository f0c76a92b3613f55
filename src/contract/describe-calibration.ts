/** What a calibration found, in one sentence: reports and the terminal print it beside the results. */
import type { CalibrationData } from './record.ts';
import { formatNumber } from './units.ts';

export function describeCalibration(calibration: CalibrationData): string {
  switch (calibration.state) {
    case 'measured': {
      const { ttftErrorMs, itlErrorMs, streams, workers } = calibration;
      const by = workers === 1 ? '1 worker' : `${workers} workers`;
      return `Measuring error just before the run (${streams} streams, ${by}): TTFT p50 ${signed(ttftErrorMs.p50)}, p99 ${signed(ttftErrorMs.p99)}; ITL p50 ${signed(itlErrorMs.p50)}, p99 ${signed(itlErrorMs.p99)}.`;
    }
    case 'skipped':
      return calibration.why === 'short-run'
        ? 'Measuring error not known: so short a run is not preceded by a calibration.'
        : 'Measuring error not known: the calibration was switched off.';
    case 'failed':
      return `Measuring error not known: the calibration failed (${calibration.message}).`;
  }
}

/** To the microsecond: what is smaller is the clock's own. */
function signed(valueMs: number): string {
  const rounded = Math.round(valueMs * 1e3) / 1e3;
  return `${rounded > 0 ? '+' : ''}${formatNumber(rounded === 0 ? 0 : rounded, 2)} ms`;
}
