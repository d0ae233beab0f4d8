/** How the targets are: outages of one, storms of several with a shared cause, of the gateway, and many in nights of clock changes. */
import { causeOf } from '../../../lambda/consensus/judgement/cause.ts';
import type { Random } from '../random.ts';
import type { Clock } from '../virtual-clock.ts';
import { autumnChange, springChange } from './berlin.ts';
import { TARGETS } from './config.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export type Health = 'up' | 'degraded' | 'down';

interface State {
  health: Health;
  causes: readonly string[];
}

export interface Outages {
  stateOf(target: string): Readonly<State>;
  isAnyOpen(): boolean;
  repair(): void;
}

export function simulateOutages(clock: Clock, random: Random, end: number): Outages {
  const states = new Map<string, State>(TARGETS.map((target) => [target, { health: 'up', causes: [] }]));
  let isRepaired = false;
  let count = 0;
  const set = (target: string, state: State) => {
    if (!isRepaired || state.health === 'up') states.set(target, state);
  };
  const isUp = (target: string) => states.get(target)?.health === 'up';

  /** Each outage of one target has a cause of its own; a storm has one more that all share. */
  const fall = (target: string, length: number, shared: readonly string[]) => {
    if (!isUp(target)) return;
    count += 1;
    const causes = [...shared, causeOf('address', `192.0.2.${count % 250}`)];
    const isSlow = random.chance(0.25);
    set(target, { health: isSlow ? 'degraded' : 'down', causes });
    if (isSlow && random.chance(0.6)) clock.after(length * 0.3, () => set(target, { health: 'down', causes }));
    clock.after(length, () => set(target, { health: 'up', causes: [] }));
  };
  const lengthOf = () => Math.max(3 * MINUTE, random.chance(0.15) ? random.wait(4 * HOUR) : random.wait(30 * MINUTE));

  const storm = () => {
    count += 1;
    // Two storms may begin together, with a cause each.
    const kinds = random.chance(0.3) ? 2 : 1;
    const causes = Array.from({ length: kinds }, (_, at) => causeOf('network', `198.51.${count % 250}.${at}/24`));
    const length = lengthOf();
    for (const [place, target] of TARGETS.entries())
      if (random.chance(0.7))
        clock.after(random.between(0, 80_000), () =>
          fall(target, length + random.between(0, 2 * MINUTE), [causes[place % kinds] ?? '']),
        );
  };
  const gatewayFails = () => {
    const length = lengthOf();
    fall('gateway', length, []);
    for (const target of ['mx1', 'mx2'])
      clock.after(random.between(0, 2 * MINUTE), () => fall(target, length + random.between(-MINUTE, 40 * MINUTE), []));
  };
  /** A target that goes up and down. */
  const flap = (target: string) => {
    for (let nth = 0; nth < 6; nth += 1) clock.after(nth * 6 * MINUTE, () => fall(target, 3 * MINUTE, []));
  };
  const something = () => {
    const dice = random.next();
    if (dice < 0.25) storm();
    else if (dice < 0.45) gatewayFails();
    else if (dice < 0.55) flap(random.pick(TARGETS));
    else fall(random.pick(TARGETS), lengthOf(), []);
  };
  const next = () => {
    clock.after(random.wait(3 * HOUR), () => {
      something();
      next();
    });
  };
  next();

  for (let year = new Date(clock.now()).getUTCFullYear(); Date.UTC(year) < end; year += 1)
    for (const change of [springChange(year), autumnChange(year)])
      for (let at = change - 2 * HOUR; at < change + 4 * HOUR; at += 20 * MINUTE) {
        if (at < clock.now()) continue;
        clock.after(at - clock.now() + random.between(0, 10 * MINUTE), () =>
          fall(random.pick(TARGETS), random.between(10, 80) * MINUTE, []),
        );
      }
  return {
    stateOf: (target) => states.get(target) ?? { health: 'up', causes: [] },
    isAnyOpen: () => TARGETS.some((target) => !isUp(target)),
    repair() {
      isRepaired = true;
      for (const target of TARGETS) set(target, { health: 'up', causes: [] });
    },
  };
}
