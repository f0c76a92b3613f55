import type { MonitorEntry, SeriesEntry } from './describe.ts';

const series = (id: string, dimension: SeriesEntry['dimension'], doc: string): SeriesEntry => ({ id, dimension, doc });

const gpuSeries: readonly SeriesEntry[] = [
  series('utilization', 'ratio', 'Share of time a kernel ran.'),
  series('memory', 'ratio', 'Memory in use, as a share of all.'),
  series('memory-used', 'bytes', 'Memory in use.'),
  series('power', 'power', 'Power drawn.'),
  series('temperature', 'temperature', 'Core temperature.'),
  series('clock', 'count', 'SM clock in MHz.'),
];

export const MONITORS: readonly MonitorEntry[] = [
  {
    id: 'system',
    doc: 'This machine: CPU, memory, disk, network.',
    options: {},
    openSeries: false,
    defaultEveryMs: 1_000,
    series: [
      series('cpu', 'ratio', 'CPU time not idle, over all cores.'),
      series('io-wait', 'ratio', 'CPU time waiting for disks.'),
      series('memory', 'ratio', 'Memory not available to programs, as a share of all.'),
      series('memory-used', 'bytes', 'Memory not available to programs.'),
      series('load', 'count', 'Load average over one minute.'),
      series('network-in', 'bandwidth', 'Bytes received per second, all interfaces but loopback.'),
      series('network-out', 'bandwidth', 'Bytes sent per second, all interfaces but loopback.'),
      series('disk-read', 'bandwidth', 'Bytes read per second.'),
      series('disk-write', 'bandwidth', 'Bytes written per second.'),
    ],
  },
  {
    id: 'nvidia',
    unavailable: true,
    doc: 'NVIDIA GPUs, through nvidia-smi.',
    options: {},
    openSeries: false,
    defaultEveryMs: 1_000,
    series: gpuSeries,
  },
  {
    id: 'rocm',
    unavailable: true,
    doc: 'AMD and Hygon accelerators, through amd-smi, rocm-smi or hy-smi.',
    options: {},
    openSeries: false,
    defaultEveryMs: 1_000,
    series: gpuSeries,
  },
  {
    id: 'ascend',
    unavailable: true,
    doc: 'Huawei Ascend accelerators, through npu-smi.',
    options: {},
    openSeries: false,
    defaultEveryMs: 1_000,
    series: gpuSeries,
  },
  {
    id: 'prometheus',
    unavailable: true,
    doc: "The engine's own metrics, scraped from its Prometheus endpoint.",
    argument: { planKey: 'url', type: { kind: 'url' }, doc: 'Address of the metrics page.', required: true },
    options: {},
    openSeries: true,
    defaultEveryMs: 1_000,
    series: [],
  },
  {
    id: 'process',
    unavailable: true,
    doc: 'One process and its children: resident memory, CPU.',
    openSeries: false,
    defaultEveryMs: 1_000,
    options: {
      matching: { planKey: 'matching', type: { kind: 'text' }, doc: 'Text its command line contains.', required: true },
    },
    series: [
      series('cpu', 'count', 'CPU time per second, in cores.'),
      series('memory-used', 'bytes', 'Resident memory.'),
    ],
  },
];

export function findMonitor(id: string): MonitorEntry | undefined {
  return MONITORS.find((each) => each.id === id);
}
