/** A promise that is settled from outside, once. */
export interface Latch {
  open(): void;
  readonly isOpen: boolean;
  readonly opened: Promise<undefined>;
}

export function createLatch(): Latch {
  let isOpen = false;
  let settle: (value: undefined) => void = () => {};
  const opened = new Promise<undefined>((resolve) => {
    settle = resolve;
  });
  return {
    open() {
      isOpen = true;
      settle(undefined);
    },
    get isOpen() {
      return isOpen;
    },
    opened,
  };
}
