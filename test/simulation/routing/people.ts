/** People who mute targets, end mutes early, and acknowledge incidents, also some that nobody told them of. */
import type { StoredMute } from '../../../lambda/history/windows/mute-item.ts';
import type { WindowStore } from '../../../lambda/history/windows/window-store.ts';
import type { Random } from '../random.ts';
import type { Clock } from '../virtual-clock.ts';
import type { RoutingChecks } from './checks.ts';
import { TARGETS } from './config.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export interface People {
  readonly clock: Clock;
  readonly random: Random;
  readonly checks: RoutingChecks;
  readonly windows: WindowStore;
  acknowledge(incident: string): void;
  isOver(): boolean;
}

export function simulatePeople({ clock, random, checks, windows, acknowledge, isOver }: People): void {
  const mute = () => {
    const [from, target] = [clock.now(), random.pick(TARGETS)];
    const until = from + random.between(10 * MINUTE, 3 * HOUR);
    const one: StoredMute = { id: `m${from}`, from, until, why: 'new cable', by: 'ops', targets: [target], version: 1 };
    void windows.writeMute(one);
    if (!random.chance(0.4)) return;
    clock.after(random.between(MINUTE, until - from), () => {
      void windows.writeMute({ ...one, until: clock.now(), endedBy: 'ops', version: 2 });
    });
  };
  const again = (mean: number, act: () => void) => {
    clock.after(random.wait(mean), () => {
      if (isOver()) return;
      act();
      again(mean, act);
    });
  };
  again(5 * HOUR, mute);
  // Mutes are often about what is broken now.
  again(20 * MINUTE, () => {
    const open = checks.openIncidents();
    const [first, ...others] = open;
    if (first !== undefined && random.chance(0.5)) acknowledge(random.pick([first, ...others]));
  });
}
