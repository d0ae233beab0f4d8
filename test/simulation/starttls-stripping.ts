import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import type { Facts } from '../../lambda/consensus/judgement/observation.ts';
import type { Truth } from './actual-state.ts';
import type { Random } from './random.ts';
import type { Clock } from './virtual-clock.ts';

const MINUTE = 60_000;
/** A change that an outage hides in its first minutes is told by the hour's record at the latest. */
const BOUND = 70 * MINUTE;
/** Longer than what came and went is held back. */
const REST = 26 * 60;

/** STARTTLS, stripped now and then from what a target offers, and what people were told of it. */
export interface Stripping {
  factsOf(target: string): Facts;
  /** What is wrong with telling this; null where nothing is. */
  told(alert: Alert): string | null;
  /** What people should have been told of the target by now; null where they know. */
  overdue(target: string): string | null;
  /** From now on nothing is stripped. */
  heal(): void;
}

interface State {
  readonly isOffered: boolean;
  readonly since: number;
}

export function unfoldingStripping(clock: Clock, random: Random, targets: readonly string[], truth: Truth): Stripping {
  const states = new Map<string, State>();
  const beliefs = new Map<string, boolean>();
  let healed = false;

  const stateOf = (target: string): State => states.get(target) ?? { isOffered: true, since: 0 };
  const turn = (target: string, isOffered: boolean) => {
    if (stateOf(target).isOffered !== isOffered) states.set(target, { isOffered, since: clock.now() });
  };
  const strip = (target: string) => {
    if (healed) return;
    turn(target, false);
    clock.after(random.between(10, 240) * MINUTE, () => {
      turn(target, true);
      clock.after(random.between(REST, 2 * REST) * MINUTE, () => strip(target));
    });
  };
  for (const target of targets) clock.after(random.between(20, 240) * MINUTE, () => strip(target));

  return {
    factsOf: (target) => ({ starttls: stateOf(target).isOffered ? 'offered' : 'not offered' }),
    told({ subject, reason }) {
      const isOffered = !reason.includes('no longer offered');
      const known = beliefs.get(subject) ?? true;
      const { isOffered: isSo, since } = stateOf(subject);
      beliefs.set(subject, isOffered);
      if (isOffered === known) return 'told as a change, and is none';
      return isOffered !== isSo && clock.now() - since > BOUND ? 'told when it had long been otherwise' : null;
    },
    overdue(target) {
      const { isOffered, since } = stateOf(target);
      const up = truth.upSince(target);
      if (up === null || isOffered === (beliefs.get(target) ?? true)) return null;
      if (clock.now() - Math.max(since, up, truth.fairSince()) < BOUND) return null;
      return `STARTTLS ${isOffered ? 'is back' : 'is gone'}, which is not told`;
    },
    heal() {
      healed = true;
      for (const target of targets) turn(target, true);
    },
  };
}
