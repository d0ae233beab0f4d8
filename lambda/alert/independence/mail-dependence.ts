/**
 * Whether somebody is told of an outage independently of the watched mail servers. An e-mail address whose mail they take does not
 * get the alert that they are down. Every other channel is independent of them.
 */
import type { Channel } from '../../config/channel.ts';
import type { Config, Target } from '../../config/config.ts';
import { matchesAny } from '../../config/schema/notify/glob.ts';
import { comparableName } from '../../standards/domain-name.ts';
import { safeText } from '../words/safe-text.ts';

/** An e-mail address that is told of outages, and the watched target that takes its mail. */
export interface DependentAddress {
  readonly address: string;
  readonly target: string;
  /** Why the config accepts it; null if it does not. */
  readonly even: string | null;
}

export interface MailDependence {
  readonly dependent: readonly DependentAddress[];
  /** Entries that are told of outages whatever happens to the targets. Of several targets that take mail: of the one with the fewest. */
  readonly independent: number;
}

/** @param targetOf the id of the target that takes the mail of an address; null if none does */
export function mailDependence(
  { notify, targets }: Pick<Config, 'notify' | 'targets'>,
  targetOf: (address: string) => string | null,
): MailDependence {
  const told = notify.filter(isToldOfOutages);
  const dependent = told.flatMap((channel): DependentAddress[] => {
    const target = channel.kind === 'email' ? targetOf(channel.address) : null;
    if (target === null || channel.kind !== 'email') return [];
    return [{ address: channel.address, target, even: channel.even ?? null }];
  });
  const others = told.filter((channel) => channel.kind !== 'email' || targetOf(channel.address) === null);
  const counts = dependent.map(({ target }) => others.filter((channel) => isAbout(channel, target, targets)).length);
  return { dependent, independent: Math.min(others.length, ...counts) };
}

/** Whether an entry is told of a target: one that is for others is not told that this one is down. */
function isAbout(channel: Channel, id: string, targets: readonly Target[]): boolean {
  if (channel.targets === undefined && channel.tags === undefined) return true;
  const tags = targets.find((target) => target.id === id)?.tags ?? [];
  return matchesAny(channel.targets ?? [], [id]) || matchesAny(channel.tags ?? [], tags);
}

/** The addresses that are told of outages. */
export function addressesOfOutages({ notify }: Pick<Config, 'notify'>): readonly string[] {
  const told = notify.filter(isToldOfOutages);
  return [...new Set(told.flatMap((channel) => (channel.kind === 'email' ? [channel.address] : [])))];
}

/** By name alone: its domain is that of a target, or its host is in the domain. */
export function targetByName(address: string, targets: readonly Target[]): string | null {
  const domain = domainOf(address);
  const found = targets.find((target) => {
    const name = comparableName(target.domain ?? target.host ?? '');
    return name === domain || name.endsWith(`.${domain}`);
  });
  return found?.id ?? null;
}

export function domainOf(address: string): string {
  return comparableName(address.slice(address.lastIndexOf('@') + 1));
}

/** Addresses that a sentence names. */
const MOST_NAMED = 5;

/** What is wrong, as a sentence without a full stop; null if somebody is told, or the config accepts it. */
export function dependenceProblem({ dependent, independent }: MailDependence): string | null {
  if (independent > 0 || dependent.length === 0 || dependent.some(({ even }) => even !== null)) return null;
  return `nobody is told when the watched mail servers are down: they take the mail of ${addressesText(dependent)}, and no other entry of notify is told of their outages`;
}

/** `ops@example.com (mx1), boss@example.com (mx1)`. */
export function addressesText(dependent: readonly DependentAddress[]): string {
  const named = dependent.slice(0, MOST_NAMED).map(({ address, target, even }) => {
    const accepted = even === null ? '' : `, accepted: ${safeText(even, 200)}`;
    return `${safeText(address, 254)} (target ${target}${accepted})`;
  });
  const more = dependent.length - named.length;
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

export const DEPENDENCE_FIX =
  'add an entry that does not depend on them: sms, a chat, a webhook, or an address at another provider; or accept it with `even: "reason"` in the entry';

/** The warning of a config, by names alone; null if there is nothing to warn of. */
export function dependenceWarning({ notify, targets }: Pick<Config, 'notify' | 'targets'>): string | null {
  const found = dependenceProblem(mailDependence({ notify, targets }, (address) => targetByName(address, targets)));
  return found === null ? null : `${found}; ${DEPENDENCE_FIX}`;
}

function isToldOfOutages({ when, severity }: Channel): boolean {
  return when.includes('down') && (severity?.includes('critical') ?? true);
}
