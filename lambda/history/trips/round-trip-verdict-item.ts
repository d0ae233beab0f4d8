/** Verdicts of round trips as the table keeps them, checked as they are read. */
import type { RoundTripVerdict, StoredRoundTripVerdict } from '../../consensus/trips/round-trip-verdict.ts';
import { isAcknowledgement, isAlert } from '../packing/judgement-item.ts';
import { boundAlerts } from '../packing/shrink-judgement-to-fit-item.ts';
import { tripVerdictsKey } from '../table/keys.ts';
import type { Item } from '../table/table.ts';
import { isCount, isFields, isListOf, isNumber, isText, isTime } from '../table/type-guards.ts';
import { must } from '../table/unreadable.ts';

export function roundTripVerdictItem(verdict: RoundTripVerdict, version: number): Item {
  return { pk: tripVerdictsKey, sk: verdict.trip, ...verdict, owed: boundAlerts(verdict.owed), version };
}

/** @throws where it is none */
export function roundTripVerdictOf({ pk: _pk, sk, ...verdict }: Item): StoredRoundTripVerdict {
  const { trip, failed, arrived, episode, alerts, owed, version } = verdict;
  must(trip === sk, 'the round trip');
  must(isListOf(failed, isFailedTrip) && isListOf(arrived, isText), 'a trip');
  must(episode === null || isEpisode(episode), 'the episode');
  must(isCount(alerts) && isCount(version), 'a count');
  must(isListOf(owed, isAlert), 'owed');
  return verdict as unknown as StoredRoundTripVerdict;
}

function isFailedTrip(value: unknown): value is RoundTripVerdict['failed'][number] {
  return isFields(value) && isText(value.id) && isNumber(value.at) && isText(value.vantage);
}

function isEpisode(value: unknown): value is NonNullable<RoundTripVerdict['episode']> {
  if (!isFields(value)) return false;
  const { id, opened, findings, acknowledged } = value;
  const isKnown = isText(id) && isTime(opened) && Array.isArray(findings);
  return isKnown && (acknowledged === undefined || isAcknowledgement(acknowledged));
}
