import type { Alert } from './incident.ts';
import type { Case, Draft } from './judge.ts';
import { type Facts, momentOf, type Observation } from './observation.ts';

/** Values of a fact that are remembered as seen before, of all facts together. */
const REMEMBERED = 32;

/** Facts of which several values live side by side, such as the certificates of hosts behind one name: seen once is known. */
const SEVERAL: ReadonlySet<string> = new Set(['certificate']);

/** The facts of a sample that are news when they change. Null where the session did not get as far as to know them. */
export function factsOf(sample: {
  readonly tls: { readonly certificate: { readonly fingerprint: string } | null } | null;
  readonly extensions: { readonly beforeTls: object | null; readonly afterTls: object | null };
}): Facts | null {
  const { beforeTls, afterTls } = sample.extensions;
  const keywords = afterTls ?? beforeTls;
  if (keywords === null) return null;
  const certificate = sample.tls?.certificate?.fingerprint;
  return {
    keywords: Object.keys(keywords)
      .filter((keyword) => keyword !== 'STARTTLS')
      .sort()
      .join(' '),
    ...(beforeTls === null ? {} : { starttls: 'STARTTLS' in beforeTls ? 'offered' : 'not offered' }),
    ...(certificate === undefined ? {} : { certificate }),
  };
}

/** One fact that some vantages see otherwise than they did. */
interface Change {
  readonly name: string;
  readonly was: string;
  readonly is: string;
  readonly vantages: readonly string[];
  readonly round: string;
}

/**
 * Learns facts as the vantages see them, and owes people those that changed, up or down. A change is told a round after it
 * was first seen, so that one alert says who sees it and who does not: STARTTLS gone in a single region is a sign of
 * stripping. What another vantage sees already is no news.
 */
export function noticed(draft: Draft, facts: Case): Draft {
  const sightings = facts.observed.flatMap((observed) => sightingsOf(observed, draft));
  const changes = changesOf(sightings).filter((change) => isRipe(change, facts));
  const known = learned(draft.memory.facts, sightings, changes);
  const news = changes.filter((change) => !isKnown(change, draft));
  const values = changes
    .filter(({ name }) => SEVERAL.has(name))
    .flatMap(({ name, was, is }) => [`${name}=${was}`, `${name}=${is}`]);
  const seen = [...new Set([...draft.memory.seen, ...values])].slice(-REMEMBERED);
  const owed = [...draft.owed, ...news.map((change) => alertOf(change, draft, facts))];
  return { ...draft, owed, memory: { ...draft.memory, facts: known, seen } };
}

interface Sighting {
  readonly vantage: string;
  readonly round: string;
  readonly name: string;
  readonly was: string | null;
  readonly is: string;
}

/** The newest facts of one vantage that are not as they are known, since when it sees them so. */
function sightingsOf(observed: readonly Observation[], { memory }: Draft): readonly Sighting[] {
  const newest = observed.at(-1);
  if (newest?.facts === undefined) return [];
  const known = memory.facts[newest.vantage] ?? {};
  return Object.entries(newest.facts).flatMap(([name, is]) => {
    const other = observed.findLastIndex(({ facts }) => facts?.[name] !== is);
    const { vantage, round } = observed[other + 1] ?? newest;
    const was = known[name] ?? null;
    return was === is ? [] : [{ vantage, round, name, is, was }];
  });
}

function changesOf(sightings: readonly Sighting[]): readonly Change[] {
  const changes = new Map<string, Change>();
  for (const { vantage, round, name, was, is } of sightings) {
    if (was === null) continue;
    const key = `${name}=${is}`;
    const before = changes.get(key) ?? { name, was, is, vantages: [], round };
    const [first = round] = [round, before.round].sort();
    changes.set(key, { ...before, vantages: [...before.vantages, vantage], round: first });
  }
  return [...changes.values()];
}

function isRipe({ round, vantages }: Change, { policy, now }: Case): boolean {
  return now - momentOf({ vantage: vantages[0] ?? '', round }, policy) >= policy.every;
}

function isKnown({ name, is, vantages }: Change, { memory }: Draft): boolean {
  if (SEVERAL.has(name) && memory.seen.includes(`${name}=${is}`)) return true;
  return Object.entries(memory.facts).some(([vantage, facts]) => facts[name] === is && !vantages.includes(vantage));
}

/** What was never known is learned in silence; a change once it is ripe. */
function learned(known: Readonly<Record<string, Facts>>, sightings: readonly Sighting[], changes: readonly Change[]) {
  const next: Record<string, Facts> = { ...known };
  for (const { vantage, name, was, is } of sightings) {
    const isLearned = was === null || changes.some((change) => change.name === name && change.is === is);
    if (isLearned) next[vantage] = { ...next[vantage], [name]: is };
  }
  return next;
}

function alertOf({ name, was, is, vantages, round }: Change, { target, verdict, memory }: Draft, facts: Case): Alert {
  const others = Object.keys(memory.facts).filter((vantage) => !vantages.includes(vantage));
  const still = others.length > 0 ? `; not at ${others.join(', ')}` : '';
  return {
    id: `${target}@${round}#changed-${name}`,
    kind: 'changed',
    subject: target,
    at: facts.at,
    was: verdict,
    is: verdict,
    incident: null,
    votes: facts.ballots.map(({ vantage, vote, why }) => ({ vantage, vote, why })),
    reason: `${name} was ${was}, is ${is}, at ${vantages.join(', ')}${still}`,
  };
}
