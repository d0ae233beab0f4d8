/** What is true of the ways of messages and of their mailbox, by the minute. */
import { claimedToken, TOKEN_FIELD } from '../../../lambda/trip/message/token.ts';
import type { Random } from '../random.ts';
import type { Clock } from '../virtual-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export type Route = 'fine' | 'slow' | 'doubles' | 'loses' | 'delays' | 'junks' | 'refuses';

/** Messages arrive as they should, also those that come twice or late within the limit. */
const GOOD: ReadonlySet<Route> = new Set(['fine', 'slow', 'doubles']);
const TROUBLE: readonly [Route, ...Route[]] = ['loses', 'loses', 'delays', 'junks', 'refuses', 'doubles', 'slow'];

export interface MailboxMessage {
  readonly uid: number;
  readonly folder: 'INBOX' | 'Junk';
  readonly raw: Buffer;
  readonly arrived: number;
  /** Of nobody's trip. */
  readonly isForeign: boolean;
}

/** What became of a message that a server was given. */
export interface SentMessage {
  readonly trip: string;
  readonly id: string;
  readonly at: number;
  readonly isGood: boolean;
}

interface State<Value> {
  value: Value;
  since: number;
}

export interface TripRoutes {
  readonly messages: MailboxMessage[];
  readonly removed: MailboxMessage[];
  /** By the identifier of the message, each time that a server was given it. */
  readonly sent: Map<string, SentMessage[]>;
  isSilent(vantage: string): boolean;
  /** It cannot send. */
  isBlind(vantage: string): boolean;
  isMailboxDown(): boolean;
  /** Whether the server took the message. */
  take(trip: string, raw: Buffer): boolean;
  /** For how long messages of a trip were good, or were not, while all vantages ran and the mailbox could be read. Milliseconds. */
  steady(trip: string): { readonly isGood: boolean; readonly for: number };
  /** All is well from now on. */
  repair(): void;
}

export function simulateRoutes(
  clock: Clock,
  random: Random,
  trips: readonly string[],
  vantages: readonly string[],
): TripRoutes {
  let [uid, isOver] = [0, false];
  const messages: MailboxMessage[] = [];
  const removed: MailboxMessage[] = [];
  const sent: TripRoutes['sent'] = new Map();
  const all: { repair(): void }[] = [];

  /** A state that is usual for some time, and then another for some time. */
  const alternating = <Value>(usual: Value, other: () => Value, means: readonly [number, number]): State<Value> => {
    const state: State<Value> = { value: usual, since: clock.now() };
    const set = (value: Value) => {
      if (isOver) return;
      Object.assign(state, { value, since: clock.now() });
      clock.after(random.wait(value === usual ? means[0] : means[1]), () =>
        set(state.value === usual ? other() : usual),
      );
    };
    set(usual);
    all.push({ repair: () => state.value !== usual && Object.assign(state, { value: usual, since: clock.now() }) });
    return state;
  };

  const routes = new Map(
    trips.map((trip) => [trip, alternating<Route>('fine', () => random.pick(TROUBLE), [4 * HOUR, 2 * HOUR])]),
  );
  const mailbox = alternating<boolean>(false, () => true, [7 * HOUR, HOUR]);
  const silent = new Map(vantages.map((one) => [one, alternating<boolean>(false, () => true, [10 * HOUR, HOUR])]));
  const blind = new Map(vantages.map((one) => [one, alternating<boolean>(false, () => true, [10 * HOUR, HOUR])]));

  const put = (folder: MailboxMessage['folder'], raw: Buffer, isForeign = false) =>
    void messages.push({ uid: ++uid, folder, raw, arrived: clock.now(), isForeign });
  const deliver = (folder: MailboxMessage['folder'], raw: Buffer, delay: number) =>
    clock.after(delay, () => put(folder, stamped(raw, clock.now(), uid)));

  const spread = (route: Route, raw: Buffer) => {
    const quick = () => random.between(300, 20_000);
    if (route === 'fine') deliver('INBOX', raw, quick());
    if (route === 'slow') deliver('INBOX', raw, random.between(MINUTE, 1.5 * MINUTE));
    if (route === 'junks') deliver('Junk', raw, quick());
    if (route === 'delays') deliver('INBOX', raw, random.between(9 * MINUTE, 14 * MINUTE));
    if (route === 'doubles') for (const _ of ['once', 'twice']) deliver('INBOX', raw, quick());
  };

  const foreign = () => {
    if (isOver) return;
    const forged = `v1:out:forged-message-1:${clock.now()}:${'A'.repeat(43)}`;
    put('INBOX', Buffer.from(`Subject: Round trip\r\n${TOKEN_FIELD}: ${forged}\r\n\r\nnot ours\r\n`), true);
    clock.after(random.wait(12 * HOUR), foreign);
  };
  foreign();

  return {
    messages,
    removed,
    sent,
    isSilent: (vantage) => silent.get(vantage)?.value === true,
    isBlind: (vantage) => blind.get(vantage)?.value === true,
    isMailboxDown: () => mailbox.value,
    take(trip, raw) {
      const route = routes.get(trip)?.value ?? 'fine';
      const [, , id = ''] = (claimedToken(raw.toString('latin1')) ?? '').split(':');
      const message = { trip, id, at: clock.now(), isGood: GOOD.has(route) };
      sent.set(id, [...(sent.get(id) ?? []), message]);
      if (route === 'refuses') return false;
      spread(route, raw);
      return true;
    },
    steady(trip) {
      const route = routes.get(trip) ?? { value: 'fine' as const, since: 0 };
      const others = [mailbox, ...silent.values(), ...blind.values()];
      const since = Math.max(route.since, ...others.map((one) => (one.value ? clock.now() : one.since)));
      return { isGood: GOOD.has(route.value), for: clock.now() - since };
    },
    repair() {
      isOver = true;
      for (const one of all) one.repair();
    },
  };
}

/** The receiver adds its field, with its time. */
function stamped(raw: Buffer, at: number, id: number): Buffer {
  const date = new Date(at).toUTCString().replace('GMT', '+0000');
  const field = `Received: from a.example.com (a.example.com [192.0.2.1]) by mx.example.net with ESMTPS id q${id}; ${date}`;
  return Buffer.concat([Buffer.from(`${field}\r\n`), raw]);
}
