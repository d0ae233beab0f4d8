import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import type { Facts } from '../../lambda/consensus/judgement/observation.ts';
import type { ActualState } from './actual-state.ts';
import type { Random } from './random.ts';
import type { Clock } from './virtual-clock.ts';

const MINUTE = 60_000;
/** Maximum time until a change is reported. All facts are recorded once an hour, also after an outage. */
const BOUND = 70 * MINUTE;
/** Minutes, longer than the time in which repeated changes are not reported. */
const REST = 26 * 60;

/** STARTTLS, sometimes stripped from the keywords of a target, and the alerts about it. */
export interface StarttlsStripping {
  factsOf(target: string): Facts;
  /** Why the alert is wrong; null if it is right. */
  check(alert: Alert): string | null;
  /** The change of the target that should have been reported by now; null if there is none. */
  overdue(target: string): string | null;
  /** Stops all stripping. */
  repair(): void;
}

interface State {
  readonly isOffered: boolean;
  readonly since: number;
}

export function simulateStripping(
  clock: Clock,
  random: Random,
  targets: readonly string[],
  state: ActualState,
): StarttlsStripping {
  const states = new Map<string, State>();
  const reported = new Map<string, boolean>();
  let repaired = false;

  const stateOf = (target: string): State => states.get(target) ?? { isOffered: true, since: 0 };
  const setOffered = (target: string, isOffered: boolean) => {
    if (stateOf(target).isOffered !== isOffered) states.set(target, { isOffered, since: clock.now() });
  };
  const strip = (target: string) => {
    if (repaired) return;
    setOffered(target, false);
    clock.after(random.between(10, 240) * MINUTE, () => {
      setOffered(target, true);
      clock.after(random.between(REST, 2 * REST) * MINUTE, () => strip(target));
    });
  };
  for (const target of targets) clock.after(random.between(20, 240) * MINUTE, () => strip(target));

  return {
    factsOf: (target) => ({ starttls: stateOf(target).isOffered ? 'offered' : 'not offered' }),
    check({ subject, reason }) {
      const isOffered = !reason.includes('no longer offered');
      const known = reported.get(subject) ?? true;
      const { isOffered: isSo, since } = stateOf(subject);
      reported.set(subject, isOffered);
      if (isOffered === known) return 'reported as a change, but is none';
      return isOffered !== isSo && clock.now() - since > BOUND ? 'reported long after it ended' : null;
    },
    overdue(target) {
      const { isOffered, since } = stateOf(target);
      const up = state.upSince(target);
      if (up === null || isOffered === (reported.get(target) ?? true)) return null;
      if (clock.now() - Math.max(since, up, state.calmSince()) < BOUND) return null;
      return `STARTTLS ${isOffered ? 'is back' : 'is gone'}, which is not reported`;
    },
    repair() {
      repaired = true;
      for (const target of targets) setOffered(target, true);
    },
  };
}
