/** A monitor takes samples on its own clock and hands them over; a source that fails reports it once and goes on trying. */
import type { MonitorPlan } from '../../contract/plan.ts';

export interface MonitorReading {
  readonly device: string;
  /** Series id (catalog) → base unit. A value that cannot be had is left out, never 0. */
  readonly values: Readonly<Record<string, number>>;
}

export interface MonitorSource {
  /** One reading of every device. @throws RunError RUN_MONITOR_UNAVAILABLE */
  read(): Promise<readonly MonitorReading[]>;
  dispose(): Promise<void>;
  /** What a reader must know of the figures, e.g. that they are shares of a limit; for the log and the report. */
  readonly notes?: readonly string[];
}

export type OpenMonitor = (plan: MonitorPlan) => Promise<MonitorSource>;
