/** Reads what sessions saw of mail hosts out of the rounds of the last hour or two. */

import { expandFacts } from '../../consensus/facts/server-facts.ts';
import type { CertificateDigests } from '../../smtp/sample/sample.ts';
import type { ServedChain, ServedHost } from '../../smtp/sample/served-host.ts';
import type { UntimedRound } from './recorded-round.ts';
import { type ServedFacts, SHORT, TRUST_WORDS, WHOLE } from './served-facts.ts';

/** A target of the config. */
export interface ServedTarget {
  readonly id: string;
  readonly host: string | null;
}

/**
 * The hosts of a target, as each vantage last saw them; equal ones once, with the newest time. Empty if nothing is recorded: all
 * texts are recorded once an hour, so that the rounds since the beginning of the last hour have them.
 */
export function servedHostsOfRounds(rounds: readonly UntimedRound[], target: ServedTarget): readonly ServedHost[] {
  const byVantage = new Map<string, Map<string, Seen>>();
  for (const { vantage, round, samples } of rounds.toSorted((a, b) => (a.round < b.round ? -1 : 1))) {
    const sample = samples.get(target.id);
    if (sample?.served === undefined) continue;
    const seen = byVantage.get(vantage) ?? new Map<string, Seen>();
    byVantage.set(vantage, seen);
    const isOneHost = target.host !== null;
    for (const [name, value] of Object.entries(expandFacts(sample.served)))
      addText(seen, name, value, { at: secondsOf(round), address: isOneHost ? (sample.address ?? null) : null });
  }
  const hosts = [...byVantage.values()].flatMap((seen) =>
    [...seen].flatMap(([part, one]) => hostOf(part, one, target)),
  );
  return distinct(hosts);
}

/** The texts of a part, and when the newest of them was recorded. */
interface Seen {
  readonly texts: Record<string, string>;
  at: string;
  address: string | null;
}

function addText(seen: Map<string, Seen>, name: string, value: string, last: Pick<Seen, 'at' | 'address'>): void {
  const end = name.lastIndexOf(' ');
  const part = name.slice(0, Math.max(0, end));
  const one = seen.get(part) ?? { texts: {}, ...last };
  one.texts[name.slice(end + 1)] = value;
  seen.set(part, Object.assign(one, last));
}

/** `2026-11-22T05:08:31Z` of the name of a second opinion, too. */
function secondsOf(round: string): string {
  return `${round.slice(0, 19)}Z`;
}

function hostOf(part: string, { texts, at, address }: Seen, { host }: ServedTarget): readonly ServedHost[] {
  const [first = ''] = part.split(' ');
  const isFamily = /^IPv[46]$/.test(first);
  const name = part === '' || isFamily ? host : first;
  const found =
    name === null
      ? null
      : servedHostOfFacts(texts, { name: name.toLowerCase(), address: isFamily ? null : address, at });
  return found === null ? [] : [found];
}

function distinct(hosts: readonly ServedHost[]): readonly ServedHost[] {
  const known = new Map<string, ServedHost>();
  for (const host of hosts) {
    const key = JSON.stringify({ ...host, at: '' });
    const before = known.get(key);
    if (before === undefined || before.at < host.at) known.set(key, host);
  }
  return [...known.values()];
}

/** The host of these texts; null if there are none. Never throws: another version may have written them. */
function servedHostOfFacts(
  { says, chain }: ServedFacts,
  seen: Pick<ServedHost, 'name' | 'address' | 'at'>,
): ServedHost | null {
  if (says === undefined) return null;
  const [greeting, ehlo, starttls] = says.split(' ').map((word) => (word === '-' ? null : word));
  return {
    ...seen,
    greeting: greeting ?? null,
    ehlo: ehlo ?? null,
    starttls: starttls === 'offered' ? 'offered' : starttls === 'not-offered' ? 'not offered' : null,
    chain: chain === undefined || starttls === 'not-offered' ? null : readChain(chain),
    unable: null,
  };
}

function readChain(text: string): ServedChain {
  const [trust, list = '-', ...certificates] = text.split(' ');
  const names = list === '-' ? [] : list.split(',');
  return {
    names: names.filter((name) => name !== '…'),
    moreNames: names.includes('…'),
    publiclyTrusted: TRUST_WORDS.find(([, word]) => word === trust)?.[0] ?? null,
    certificates: certificates.flatMap(readCertificateText),
  };
}

function readCertificateText(text: string): readonly CertificateDigests[] {
  const [, unlinked, validTo = '', digests = ''] = /^(\??)([^/]*)\/([\w-]+)$/.exec(text) ?? [];
  const octets = Buffer.from(digests, 'base64url');
  const until = Date.parse(validTo);
  if (octets.length !== WHOLE + 3 * SHORT || Number.isNaN(until)) return [];
  const short = (nth: number) => octets.toString('hex', WHOLE + nth * SHORT, WHOLE + (nth + 1) * SHORT);
  return [
    {
      key: { sha256: octets.toString('hex', 0, WHOLE), sha512: short(0) },
      certificate: { sha256: short(1), sha512: short(2) },
      validTo: new Date(until).toISOString(),
      linked: unlinked === '',
    },
  ];
}
