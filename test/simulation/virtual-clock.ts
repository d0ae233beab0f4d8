/** Virtual time: what is due next happens next, and everything that follows from it at once happens before the clock moves. */
export interface Clock {
  now(): number;
  after(milliseconds: number, happen: () => void): void;
  /** Lets the world happen until `end`, or until enough was seen. */
  run(end: number, isEnough?: () => boolean): Promise<void>;
}

interface Due {
  readonly at: number;
  /** Breaks ties in the order of asking, so that a seed always replays alike. */
  readonly order: number;
  readonly happen: () => void;
}

export function virtualClock(start: number): Clock {
  const heap: Due[] = [];
  let [time, asked] = [start, 0];
  return {
    now: () => time,
    after: (milliseconds, happen) => push(heap, { at: time + milliseconds, order: asked++, happen }),
    async run(end, isEnough = () => false) {
      for (let due = heap[0]; due !== undefined && due.at <= end && !isEnough(); due = heap[0]) {
        pop(heap);
        time = due.at;
        due.happen();
        await settled();
      }
      time = end;
    },
  };
}

/** Resolves when every promise that could go on has gone on. */
function settled(): Promise<void> {
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
