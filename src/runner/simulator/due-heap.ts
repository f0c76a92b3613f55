/** A binary heap of things that are due, the earliest at index 0. One structure for all streams: a step costs log2(streams) comparisons. */
export interface Due {
  readonly dueMs: number;
}

export function push<Item extends Due>(heap: Item[], item: Item): void {
  let index = heap.length;
  heap.push(item);
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex] as Item;
    if (parent.dueMs <= item.dueMs) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = item;
}

/** Puts `item` in the place of the top, whose due time has grown, and restores the order. */
export function sinkTop<Item extends Due>(heap: Item[], item: Item): void {
  let index = 0;
  for (;;) {
    let childIndex = 2 * index + 1;
    if (childIndex >= heap.length) break;
    let child = heap[childIndex] as Item;
    const sibling = heap[childIndex + 1];
    if (sibling !== undefined && sibling.dueMs < child.dueMs) {
      childIndex += 1;
      child = sibling;
    }
    if (child.dueMs >= item.dueMs) break;
    heap[index] = child;
    index = childIndex;
  }
  heap[index] = item;
}

export function popTop<Item extends Due>(heap: Item[]): void {
  const last = heap.pop();
  if (last !== undefined && heap.length > 0) sinkTop(heap, last);
}
