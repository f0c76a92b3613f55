/** The blocks that make up a declaration: its own and what it inherits, the most distant first. What is written inline inherits nothing. */
import {
  isBackend,
  isDataset,
  isLoad,
  isMonitor,
  isSla,
  type Backend,
  type BackendBlock,
  type BackendItem,
  type Benchmark,
  type BenchmarkItem,
  type Dataset,
  type DatasetBlock,
  type DatasetItem,
  type Load,
  type LoadBlock,
  type LoadItem,
  type Monitor,
  type MonitorBlock,
  type MonitorItem,
  type Sla,
  type SlaBlock,
} from '../ast.ts';
import { inheritanceOf } from '../references/extends.ts';

export function backendItems(owner: Backend | BackendBlock): BackendItem[] {
  const declaration = isBackend(owner) ? owner : owner.$container;
  if (!isBackend(declaration)) return (owner as BackendBlock).items;
  return inheritanceOf(declaration).flatMap((each) => each.body?.items ?? []);
}

export function datasetItems(owner: Dataset | DatasetBlock): DatasetItem[] {
  const declaration = isDataset(owner) ? owner : owner.$container;
  if (!isDataset(declaration)) return (owner as DatasetBlock).items;
  return inheritanceOf(declaration).flatMap((each) => each.body?.items ?? []);
}

export function monitorItems(owner: Monitor | MonitorBlock): MonitorItem[] {
  const declaration = isMonitor(owner) ? owner : owner.$container;
  if (!isMonitor(declaration)) return (owner as MonitorBlock).items;
  return inheritanceOf(declaration).flatMap((each) => each.body?.items ?? []);
}

export function loadItems(owner: Load | LoadBlock): LoadItem[] {
  const declaration = isLoad(owner) ? owner : owner.$container;
  if (!isLoad(declaration)) return (owner as LoadBlock).items;
  return inheritanceOf(declaration).flatMap((each) => each.body?.items ?? []);
}

export function slaBlocks(owner: Sla | SlaBlock): SlaBlock[] {
  const declaration = isSla(owner) ? owner : owner.$container;
  if (!isSla(declaration)) return [owner as SlaBlock];
  return inheritanceOf(declaration).flatMap((each) => each.body ?? []);
}

export function benchmarkItems(benchmark: Benchmark): BenchmarkItem[] {
  return inheritanceOf(benchmark).flatMap((each) => each.items);
}
