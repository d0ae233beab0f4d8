/** Who was told of what, as the test sees it: each message in a few words. */
import { expect } from 'vitest';
import type { FakePagerDuty } from '../fakes/pagerduty.ts';
import type { Told } from './cloud.ts';
import type { Deployment } from './deployment.ts';
import { documentOf, type Received, type Subscriber } from './subscriber.ts';

/** By place: a person, a service, or a queue by its name. */
export type Messages = Readonly<Record<string, readonly string[]>>;

export interface Ledger {
  /**
   * Waits until exactly these were told more than before. A message too many fails this call or the next.
   * @param of only these places are looked at; without them, all
   */
  told(expected: Messages, of?: readonly string[]): Promise<void>;
  /** Notes what was told until now: `told` looks at what comes after it. */
  noteAll(): Promise<void>;
  /** What a queue got so far. */
  received(queue: string): readonly Received[];
}

const people = {
  ops: 'ops@example.com',
  boss: 'boss@example.com',
  sms: '+15555550100',
  phone: '+15555550102',
} as const;

export function openLedger(on: Deployment, pagerduty: FakePagerDuty, queues: ReadonlyMap<string, Subscriber>): Ledger {
  const received = new Map<string, readonly Received[]>();
  const known = new Map<string, number>();
  const pager = statesOf(pagerduty);

  async function fresh(of: readonly string[] | undefined): Promise<Messages> {
    for (const [name, queue] of queues)
      received.set(name, [...(received.get(name) ?? []), ...(await queue.received())]);
    const told = await on.cloud.told();
    const toPeople = Object.entries(people).map(([place, endpoint]) => {
      return [place, told.filter((one) => one.endpoint === endpoint).map(wordsOfPerson)] as const;
    });
    const all: Messages = {
      onCall: (on.fleet.posted.get('/on-call') ?? []).map((text) => JSON.parse(text).kind),
      pager: pager(),
      ...Object.fromEntries(toPeople),
      ...Object.fromEntries([...received].map(([name, messages]) => [name, messages.map(wordsOf)])),
    };
    const news = Object.entries(all)
      .filter(([place]) => of === undefined || of.includes(place))
      .map(([place, messages]) => [place, messages.slice(known.get(place) ?? 0)] as const);
    return Object.fromEntries(news.filter(([, messages]) => messages.length > 0));
  }

  function note(news: Messages): void {
    for (const [place, messages] of Object.entries(news)) known.set(place, (known.get(place) ?? 0) + messages.length);
  }

  return {
    async told(expected, of) {
      let news: Messages = {};
      const isThere = async () => {
        news = await fresh(of);
        return sorted(news) === sorted(expected);
      };
      const waited = await on.until(JSON.stringify(expected), isThere).then(() => '', String);
      expect(news, waited).toEqual(expected);
      note(news);
    },
    async noteAll() {
      note(await fresh(undefined));
    },
    received: (queue) => received.get(queue) ?? [],
  };
}

function sorted(messages: Messages): string {
  return JSON.stringify(Object.entries(messages).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `DOWN mx1` of a subject or a text message; `down` or `up again` of what a call says. */
function wordsOfPerson({ protocol, subject, text }: Told): string {
  if (protocol === 'voice') return /down|up again/i.exec(text)?.[0].toLowerCase() ?? text;
  const [, what, target] = /([A-Z]{2,})(?: again)?:? (mx\d)/.exec(subject ?? text) ?? [];
  return what === undefined ? (subject ?? text) : `${what} ${target}`;
}

function wordsOf(message: Received): string {
  const { again } = message.MessageAttributes as { readonly again?: { readonly Value: string } };
  return [documentOf(message).kind, ...(again === undefined ? [] : [again.Value])].join(' ');
}

/** Each state that the latest alert of PagerDuty was seen in, with the number of its triggers. */
function statesOf({ alerts }: FakePagerDuty): () => readonly string[] {
  const seen: string[] = [];
  let last = '';
  return () => {
    const alert = alerts.at(-1);
    if (alert === undefined) return seen;
    const state = `${alert.state} ${alert.triggers}`;
    const key = `${alerts.length} ${state}`;
    if (key !== last) seen.push(state);
    last = key;
    return seen;
  };
}
