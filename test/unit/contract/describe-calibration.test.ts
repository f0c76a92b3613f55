import { it } from 'node:test';
import assert from 'node:assert/strict';
import { describeCalibration } from '../../../src/contract/describe-calibration.ts';
import type { CalibrationData } from '../../../src/contract/record.ts';

const CASES: readonly (readonly [CalibrationData, RegExp])[] = [
  [
    {
      state: 'measured',
      workers: 2,
      streams: 64,
      requests: 100,
      gaps: 1_900,
      ttftErrorMs: { p50: 0.14496, p99: 6.5178 },
      itlErrorMs: { p50: -0.0000004, p99: -0.31 },
      tookMs: 1_700,
    },
    /\(64 streams, 2 workers\): TTFT p50 \+0\.1[45] ms, p99 \+6\.5 ms; ITL p50 0 ms, p99 [-−]0\.31 ms\./,
  ],
  [{ state: 'skipped', why: 'short-run' }, /not known: so short a run/],
  [{ state: 'skipped', why: 'switched-off' }, /not known: the calibration was switched off/],
  [{ state: 'failed', message: 'no thread' }, /not known: the calibration failed \(no thread\)/],
];
for (const [calibration, sentence] of CASES)
  it(`a calibration that was ${calibration.state} says so`, () =>
    assert.match(describeCalibration(calibration), sentence));
