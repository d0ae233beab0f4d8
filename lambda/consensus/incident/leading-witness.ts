import type { Alert, Incident, Witness } from '../judgement/incident.ts';

/**
 * The witness with the failure that an incident is in, of several the one with the longest transcript. Null if nothing
 * failed, as when too few vantages vote.
 */
export function leadingWitness(incident: Incident, votes: Alert['votes'] = []): Witness | null {
  const { witnesses, chapter } = incident;
  const alike =
    chapter === undefined
      ? mostFrequent(witnesses, votes)
      : witnesses.filter(({ phase, code }) => phase === chapter.phase && code === chapter.code);
  return alike.reduce<Witness | null>(
    (best, one) => (best !== null && best.transcript.length >= one.transcript.length ? best : one),
    null,
  );
}

/** The most frequent failure of those that vote `down`, or of all if none does: version 0.1 did not store chapters. */
function mostFrequent(witnesses: readonly Witness[], votes: Alert['votes']): readonly Witness[] {
  const down = new Set(votes.filter(({ vote }) => vote === 'down').map(({ vantage }) => vantage));
  const voting = witnesses.filter(({ vantage }) => down.has(vantage));
  const counted = voting.length > 0 ? voting : witnesses;
  const groups = counted.map((one) => counted.filter(({ phase, code }) => phase === one.phase && code === one.code));
  const most = Math.max(...groups.map(({ length }) => length));
  return groups.find(({ length }) => length === most) ?? [];
}
