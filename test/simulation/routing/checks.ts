/** Checks the laws of routing at every write and at every message that a receiver accepts. */
import type { SentMessage } from '../../../lambda/alert/channels/sender.ts';
import type { Config } from '../../../lambda/config/config.ts';
import type { Item } from '../../../lambda/history/table/table.ts';
import { checkDeliveries } from '../delivery-checks.ts';
import type { Invocation } from '../invocation.ts';
import type { Clock } from '../virtual-clock.ts';
import { entriesOf } from './config.ts';
import { checkDecisions } from './decision-checks.ts';
import { knownIncidents } from './known-incidents.ts';
import type { Planned } from './planned-time.ts';
import { checkReceivers } from './receiver-checks.ts';
import type { RoutingResult } from './simulate-routing.ts';

export interface RoutingChecks {
  readonly violations: readonly string[];
  /** The channel whose receiver fails for hours. */
  readonly deadChannel: string;
  written(before: Item | null, after: Item): void;
  /** @param isHeard whether the product knows that it was accepted */
  accepted(channel: string, message: SentMessage, sender: Invocation, isHeard: boolean): void;
  tick(): void;
  openIncidents(): readonly string[];
  /** Whether a pass of the judge or a channel has anything to do. */
  isAnyOpen(): boolean;
  closed(): RoutingResult;
}

interface Setup {
  readonly clock: Clock;
  readonly config: Config;
  readonly channels: readonly string[];
  readonly planned: Planned;
}

export function checkRouting({ clock, config, channels, planned }: Setup): RoutingChecks {
  const violations: string[] = [];
  const violated = (what: string) => void violations.push(`${new Date(clock.now()).toISOString()} ${what}`);
  const entries = entriesOf(config);
  const deadChannel = entries.find(({ id }) => id === 'office')?.channel ?? '';
  const incidents = knownIncidents(clock);
  const decisions = checkDecisions({ clock, entries, incidents, planned, violated });
  const receivers = checkReceivers({ clock, entries, deadChannel, violated });
  const deliveries = checkDeliveries({ clock, channels, violated, mostInAnHour: Number.POSITIVE_INFINITY });
  const busy = new Set<string>();
  let opened = 0;

  const channelWritten = ({ sk, oldest, receivers: states = {} }: Item) => {
    const hasUntold = Object.values(states as Record<string, { untold?: unknown }>).some(({ untold }) => untold);
    if ((oldest !== null && sk !== deadChannel) || hasUntold) busy.add(sk);
    else busy.delete(sk);
  };

  return {
    violations,
    deadChannel,
    written(before, after) {
      const { pk } = after;
      if (pk === 'verdicts') {
        const known = incidents.all.size;
        incidents.verdictWritten(after);
        if (incidents.all.size > known) opened += 1;
      }
      if (pk === 'notifications')
        for (const message of incidents.notificationWritten(after)) {
          decisions.decided(message);
          receivers.decided(message);
        }
      if (pk === 'channels') {
        channelWritten(after);
        receivers.channelWritten(after);
      }
      if (!pk.startsWith('delivery#')) return;
      deliveries.written(before, after);
      receivers.written(before, after);
    },
    accepted(channel, message, sender, isHeard) {
      deliveries.accepted(channel, message, sender);
      receivers.accepted(channel, message, isHeard);
    },
    tick() {
      decisions.tick();
      receivers.tick();
    },
    openIncidents: () => [...incidents.all.values()].filter(({ closed }) => closed === null).map(({ id }) => id),
    isAnyOpen: () => busy.size > 0 || incidents.isAnyOpen(),
    closed() {
      deliveries.closed();
      receivers.closed();
      return { violations, incidents: opened, messages: receivers.counts() };
    },
  };
}
