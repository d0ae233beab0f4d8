/** Virtual time. Actions run in the order of their times, and all promises of one action settle before the next. */
export interface Clock {
  now(): number;
  after(milliseconds: number, action: () => void): void;
  /** Runs all actions until `end`, or until `isEnough`. */
  run(end: number, isEnough?: () => boolean): Promise<void>;
}

interface Due {
  readonly at: number;
  /** The order of registration, for actions at the same time, so that a seed is reproducible. */
  readonly order: number;
  readonly action: () => void;
}

export function virtualClock(start: number): Clock {
  const heap: Due[] = [];
  let [time, count] = [start, 0];
  return {
    now: () => time,
    after: (milliseconds, action) => push(heap, { at: time + milliseconds, order: count++, action }),
    async run(end, isEnough = () => false) {
      for (let due = heap[0]; due !== undefined && due.at <= end && !isEnough(); due = heap[0]) {
        pop(heap);
        time = due.at;
        due.action();
        await afterPromises();
      }
      time = end;
    },
  };
}

/** Resolves after all pending promise callbacks. */
function afterPromises(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function isBefore(one: Due, other: Due): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

function push(heap: Due[], due: Due): void {
  let place = heap.push(due) - 1;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (!isBefore(due, heap[parent] as Due)) break;
    heap[place] = heap[parent] as Due;
    place = parent;
  }
  heap[place] = due;
}

function pop(heap: Due[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Due, heap[child] as Due)) child += 1;
    if (!isBefore(heap[child] as Due, last)) break;
    heap[place] = heap[child] as Due;
    place = child;
  }
  heap[place] = last;
}
