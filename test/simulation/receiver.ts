import type { Random } from './random.ts';
import type { Clock } from './virtual-clock.ts';

const MINUTE = 60_000;

/** What the receiver of a webhook does with a request. */
export type ReceiverState = 'takes' | 'refuses' | 'hangs';

/** A receiver that fails for minutes up to days, and recovers. */
export interface Receiver {
  state(): ReceiverState;
  repair(): void;
}

export function simulateReceiver(clock: Clock, random: Random): Receiver {
  let state: ReceiverState = 'takes';
  let isRepaired = false;
  const change = () => {
    if (isRepaired) return;
    state = state === 'takes' ? (random.chance(0.5) ? 'refuses' : 'hangs') : 'takes';
    clock.after(random.chance(0.1) ? random.between(20, 40) * 60 * MINUTE : random.between(5, 240) * MINUTE, change);
  };
  clock.after(random.between(5, 120) * MINUTE, change);
  return {
    state: () => state,
    repair: () => {
      isRepaired = true;
      state = 'takes';
    },
  };
}
