/** What was stored of incidents and decided of messages, as the writes to the table show it. */
import type { Alert, Incident } from '../../../lambda/consensus/judgement/incident.ts';
import type { Verdict } from '../../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type { Item } from '../../../lambda/history/table/table.ts';
import type { Clock } from '../virtual-clock.ts';

export interface Decided {
  readonly at: number;
  readonly message: Alert;
}

/** Times are those of the writes. */
export interface KnownIncident {
  readonly id: string;
  readonly target: string;
  readonly opened: number;
  readonly alerts: { readonly id: string; readonly at: number; readonly is: Verdict }[];
  readonly decided: Decided[];
  /** Receivers of these messages. */
  readonly told: Set<string>;
  acknowledged: number | null;
  closed: number | null;
}

export interface KnownIncidents {
  readonly all: ReadonlyMap<string, KnownIncident>;
  /** Whether the gateway was down at a time, by its stored verdict. */
  isGatewayDown(at: number): boolean;
  /** Before each write of a verdict. */
  verdictWritten(after: Item): void;
  /** Before each write of a notification. Returns the messages that are new in it. */
  notificationWritten(after: Item): readonly Alert[];
  isAnyOpen(): boolean;
}

const DAY = 86_400_000;

export function knownIncidents(clock: Clock): KnownIncidents {
  const all = new Map<string, KnownIncident>();
  const owed = new Map<string, number>();
  const openNotifications = new Set<string>();
  const seen = new Set<string>();
  const gateway: { from: number; until: number }[] = [];

  const gatewayIs = (verdict: unknown) => {
    const last = gateway.at(-1);
    const wasDown = last !== undefined && last.until === Number.POSITIVE_INFINITY;
    if (verdict === 'down' && !wasDown) gateway.push({ from: clock.now(), until: Number.POSITIVE_INFINITY });
    if (verdict !== 'down' && wasDown) last.until = clock.now();
    if (gateway.length > 20) gateway.shift();
  };
  const forget = () => {
    for (const [id, { closed }] of all) if (closed !== null && closed < clock.now() - DAY) all.delete(id);
  };
  const incidentOf = ({ id, target }: Incident): KnownIncident => {
    const known = all.get(id);
    if (known !== undefined) return known;
    forget();
    const fresh: KnownIncident = {
      ...{
        id,
        target,
        opened: clock.now(),
        alerts: [],
        decided: [],
        told: new Set(),
        acknowledged: null,
        closed: null,
      },
    };
    all.set(id, fresh);
    return fresh;
  };
  return {
    all,
    isGatewayDown: (at) => gateway.some(({ from, until }) => from <= at && until > at),
    verdictWritten({ sk, verdict, incident, owed: alerts }) {
      if (sk === 'gateway') gatewayIs(verdict);
      owed.set(sk, (alerts as readonly Alert[]).length);
      if (incident === null) return;
      const stored = incident as Incident;
      const known = incidentOf(stored);
      if (stored.acknowledged !== undefined) known.acknowledged ??= clock.now();
      if (stored.closed !== null) known.closed ??= clock.now();
      for (const { id, is, incident: of } of alerts as readonly Alert[])
        if (of?.id === stored.id && !known.alerts.some((one) => one.id === id))
          known.alerts.push({ id, at: clock.now(), is });
    },
    notificationWritten({ sk, closed, owed: messages }) {
      const fresh = (messages as readonly Alert[]).filter(({ id }) => !seen.has(id));
      for (const { id } of fresh) seen.add(id);
      if (closed === null || (messages as readonly Alert[]).length > 0) openNotifications.add(sk);
      else openNotifications.delete(sk);
      return fresh;
    },
    isAnyOpen: () => openNotifications.size > 0 || [...owed.values()].some((count) => count > 0),
  };
}
