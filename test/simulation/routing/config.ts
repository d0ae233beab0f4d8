/** The config of the simulated watch, as people write it, and what the checks have to know of its entries. */
import { receiverId } from '../../../lambda/alert/channels/channel-ids.ts';
import type { Config } from '../../../lambda/config/config.ts';
import { parseConfig } from '../../../lambda/config/parse.ts';
import type { Verdict } from '../../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import { isOfficeTime, isRepeatedHour } from './berlin.ts';

const MINUTE = 60_000;

const TEXT = `
home: us-east-1
vantages: [us-east-1]
ehloName: probe.example.com
notify:
  - { id: on-call, webhook: "https://hooks.example.com/on-call", severity: [critical], repeat: [15m, 1h], limit: 600/h }
  - { id: boss, webhook: "https://hooks.example.com/boss", severity: [critical], after: 10m, limit: 600/h }
  - { id: office, webhook: "https://hooks.example.com/office", hours: { zone: Europe/Berlin, week: "Mon-Fri 08:00-18:00" }, limit: 600/h }
  - { id: night, webhook: "https://hooks.example.com/night", hours: { zone: Europe/Berlin, week: "daily 02:00-03:00" }, limit: 600/h }
  - { id: low, webhook: "https://hooks.example.com/low", limit: 4/h }
  - { id: room, slack: { channel: C0123ABCD45, token: { secret: alerts/slack } }, limit: 600/h }
  - { id: phone, sms: "+15555550100", severity: [critical], limit: 4/h }
  - { id: ops, email: ops@example.com, limit: 600/h }
  - { id: edge, webhook: "https://hooks.example.com/edge", tags: [edge], limit: 600/h }
maintenance:
  - { id: patches, tags: [edge], zone: Europe/Berlin, weekly: "Sun 01:30-03:30", why: patches of the system }
  - { id: backup, targets: [mx6], zone: Europe/Berlin, weekly: "daily 02:15-02:45", why: backup }
  - { id: rack, targets: [mx5, mx6], zone: Europe/Berlin, weekly: "Wed 10:00-12:00", why: work at the rack, overrun: 15m }
targets:
  - { id: gateway, host: gateway.example.com }
  - { id: mx1, host: mx1.example.com, behind: [gateway] }
  - { id: mx2, host: mx2.example.com, behind: [gateway] }
  - { id: mx3, host: mx3.example.com, tags: [edge] }
  - { id: mx4, host: mx4.example.com, tags: [edge] }
  - { id: mx5, host: mx5.example.com }
  - { id: mx6, host: mx6.example.com }
`;

export const TARGETS = ['gateway', 'mx1', 'mx2', 'mx3', 'mx4', 'mx5', 'mx6'] as const;

export function isBehindGateway(target: string): boolean {
  return target === 'mx1' || target === 'mx2';
}

export function isEdge(target: string): boolean {
  return target === 'mx3' || target === 'mx4';
}

export function routedConfig(): Config {
  const parsed = parseConfig(TEXT, 'smtp-quorum.yaml', () => '', 0);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

/** An entry of `notify` as a person reads it. */
export interface Entry {
  readonly id: string;
  readonly receiver: string;
  /** Where it is delivered. */
  readonly channel: string;
  /** Milliseconds. */
  readonly after: number;
  readonly repeat: readonly number[];
  /** Messages in an hour. */
  readonly limit: number;
  wants(target: string, verdict: Verdict): boolean;
  isOpen(now: number): boolean;
}

const isCritical = (_: string, verdict: Verdict) => verdict === 'down';
const always = () => true;

const RULES: Readonly<Record<string, Partial<Omit<Entry, 'id' | 'receiver'>>>> = {
  'on-call': { wants: isCritical, repeat: [15 * MINUTE, 60 * MINUTE] },
  boss: { wants: isCritical, after: 10 * MINUTE },
  office: { isOpen: isOfficeTime },
  night: { isOpen: isRepeatedHour },
  low: { limit: 4 },
  room: {},
  phone: { wants: isCritical, limit: 4 },
  ops: {},
  edge: { wants: isEdge },
};

export function entriesOf({ notify }: Pick<Config, 'notify'>): readonly Entry[] {
  const named = notify.map((channel) => {
    const { id = '' } = channel;
    const receiver = receiverId(channel);
    const isSubscribed = channel.kind === 'email' || channel.kind === 'sms';
    return entry(id, receiver, isSubscribed ? 'topic' : receiver, RULES[id] ?? {});
  });
  return [...named, entry('topic', 'topic', 'topic', {})];
}

function entry(id: string, receiver: string, channel: string, rules: Partial<Entry>): Entry {
  return { id, receiver, channel, after: 0, repeat: [], limit: 600, wants: always, isOpen: always, ...rules };
}
