/** What people were told of round trips and of bounces, and what is not over. */
import { openBounceHistory } from '../../history/bounces/bounce-history.ts';
import { openTripStore } from '../../history/trips/trip-store.ts';
import type { ReportSource } from '../source/report-source.ts';

export interface OpenTrouble {
  readonly kind: 'trip' | 'bounces';
  /** The round trip, or the sending domain. */
  readonly subject: string;
  /** Codes of findings, or providers with the code that is most frequent. */
  readonly what: readonly string[];
  /** ISO 8601 UTC. */
  readonly since: string;
}

export async function openTroubles({ table }: Pick<ReportSource, 'table'>): Promise<readonly OpenTrouble[]> {
  const [trips, senders] = await Promise.all([openTripStore(table).verdicts(), openBounceHistory(table).verdicts()]);
  const ofTrips = trips.flatMap(({ trip, episode }): readonly OpenTrouble[] => {
    if (episode === null) return [];
    const what = episode.findings.map(({ code }) => code);
    return [{ kind: 'trip', subject: trip, what, since: episode.opened }];
  });
  const ofSenders = senders.flatMap(({ domain, episode, rates }): readonly OpenTrouble[] => {
    if (episode === null) return [];
    const what = rates.map(({ metric, provider, code }) => {
      return [metric, provider === null ? '' : `at ${provider}`, code ?? ''].filter((text) => text !== '').join(' ');
    });
    return [{ kind: 'bounces', subject: domain, what, since: episode.opened }];
  });
  return [...ofTrips, ...ofSenders];
}
