/** What describes the shape of a sample beyond its percentiles. Needs the values themselves. */
import { logAverage, modeSorted, sampleKurtosis, sampleSkewness } from 'simple-statistics';
import type { SampleShape } from '../../../contract/report.ts';
import type { ExactSample } from './exact-sample.ts';
import { percentile } from './ranked-sample.ts';

/** Digits to which values are rounded before the most frequent one is looked for: measured times hardly ever repeat to the microsecond. */
const MODE_DIGITS = 3;

export function shapeOf(sample: ExactSample): SampleShape {
  const values = sample.sorted as unknown as number[];
  const q1 = percentile(sample, 0.25);
  const q3 = percentile(sample, 0.75);
  const iqr = q3 - q1;
  const varies = sample.max > sample.min;
  return {
    ...(sample.min > 0 ? { geomean: logAverage(values) } : {}),
    iqr,
    ...(varies && sample.count > 2 ? { skewness: sampleSkewness(values) } : {}),
    ...(varies && sample.count > 3 ? { kurtosis: sampleKurtosis(values) } : {}),
    mode: modeSorted(Array.from(sample.sorted, (value) => Number(value.toPrecision(MODE_DIGITS)))),
    outliers: countOutside(sample, q1 - 1.5 * iqr, q3 + 1.5 * iqr),
  };
}

function countOutside(sample: ExactSample, low: number, high: number): number {
  let count = 0;
  for (const value of sample.sorted) if (value < low || value > high) count++;
  return count;
}
