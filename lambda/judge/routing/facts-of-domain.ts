/** What the verdicts of domains, senders and round trips say of an incident. */
import type { IncidentFacts } from '../../alert/routing/context.ts';
import type { Alert } from '../../consensus/judgement/incident.ts';
import type { StoredNotification } from '../../consensus/notification/notification.ts';
import type { JudgePorts } from '../../ports.ts';

type KnownFacts = Pick<IncidentFacts, 'isOver' | 'acknowledged'>;

const UNKNOWN: KnownFacts = { isOver: false, acknowledged: null };

/** One read for each open incident in each pass: who acknowledged it is told within a minute. */
export async function factsOfDomain(
  { postures, bounces, trips }: JudgePorts,
  { alert, incident }: StoredNotification,
): Promise<KnownFacts> {
  const { kind, subject } = alert;
  if (kind === 'trip') {
    const verdict = (await trips?.verdict(subject)) ?? null;
    return verdict === null ? UNKNOWN : factsIn([verdict.episode], verdict.owed, incident);
  }
  if (alert.bounces !== undefined) {
    const verdict = (await bounces?.verdict(subject)) ?? null;
    return verdict === null ? UNKNOWN : factsIn([verdict.episode], verdict.owed, incident);
  }
  const verdict = (await postures?.postureVerdict(subject)) ?? null;
  return verdict === null ? UNKNOWN : factsIn(Object.values(verdict.episodes), verdict.owed, incident);
}

interface Episode {
  readonly id: string;
  readonly acknowledged?: { readonly at: string; readonly by: string };
}

function factsIn(episodes: readonly (Episode | null)[], owed: readonly Alert[], incident: string): KnownFacts {
  const own = episodes.find((episode) => episode?.id === incident);
  return { isOver: own == null && owed.length === 0, acknowledged: own?.acknowledged ?? null };
}
