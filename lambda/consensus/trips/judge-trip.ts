/** Decides whether an alert about a round trip is due when one of its trips has ended. */
import { alertTime } from '../judgement/alert-time.ts';
import type { Alert, Incident } from '../judgement/incident.ts';
import { isoSeconds } from '../judgement/round-name.ts';
import { type EndedTrip, newRoundTripVerdict, type RoundTripVerdict, type TripNews } from './round-trip-verdict.ts';

/** Failed trips in a row that are reported, and arrived trips in a row that end it. */
const IN_A_ROW = 2;
/** Failed trips in a row that are reported if no other vantage sends. */
const WITHOUT_OTHERS = 4;
/** Failed trips that are remembered. */
const MOST_FAILED = 10;

export interface TripQuestion<Verdict extends RoundTripVerdict> {
  readonly trip: string;
  readonly previous: Verdict | null;
  readonly ended: EndedTrip;
  /** How many vantages send. */
  readonly vantages: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The next verdict. Returns `previous` itself if nothing changed, so that nothing is written. A trip that was judged before
 * changes nothing: an invocation that ended between its writes is repeated by the next one.
 */
export function judgeTrip<Verdict extends RoundTripVerdict>(
  question: TripQuestion<Verdict>,
): Verdict | RoundTripVerdict | null {
  const { previous, ended, trip } = question;
  const before = previous ?? newRoundTripVerdict(trip);
  if (isKnown(before, question)) return previous;
  switch (ended.outcome) {
    case 'unable':
      return previous;
    case 'fail':
      return afterFailure(before, question);
    case 'pass':
    case 'warn':
      return before.failed.length === 0 ? previous : afterArrival(before, question);
    default:
      return ended.outcome satisfies never;
  }
}

/**
 * The vantages with a failed trip, if another trip is to be sent at once from another vantage; otherwise none.
 * @param id of the trip that has ended: it alone can be the first that failed
 */
export function vantagesBeforeSecond(verdict: RoundTripVerdict | null, id: string): readonly string[] {
  if (verdict === null || verdict.episode !== null || verdict.failed.length !== 1 || verdict.arrived.length > 0)
    return [];
  return verdict.failed.filter((one) => one.id === id).map(({ vantage }) => vantage);
}

/** A trip of the time before the last one that failed came late. Where that is ahead, the clock was set back after it. */
function isKnown(
  { failed, arrived }: RoundTripVerdict,
  { ended: { id, at }, now }: TripQuestion<RoundTripVerdict>,
): boolean {
  const last = failed.at(-1);
  const isBefore = last !== undefined && at < last.at && last.at <= now;
  return arrived.includes(id) || failed.some((one) => one.id === id) || isBefore;
}

function afterFailure(
  before: RoundTripVerdict,
  { ended, vantages, now }: TripQuestion<RoundTripVerdict>,
): RoundTripVerdict {
  const { id, at, vantage } = ended;
  const streak = before.arrived.length > 0 && before.episode === null ? [] : before.failed;
  const failed = [...streak, { id, at, vantage }].slice(-MOST_FAILED);
  const next = { ...before, failed, arrived: [] };
  if (before.episode !== null) return next;
  const others = new Set(failed.map((one) => one.vantage)).size;
  const isSeenByOthers = others >= Math.min(IN_A_ROW, vantages) || failed.length >= WITHOUT_OTHERS;
  if (failed.length < IN_A_ROW || !isSeenByOthers) return next;
  return tell(next, ended, now);
}

/** Before failed trips are reported, one trip that arrives ends them. */
function afterArrival(before: RoundTripVerdict, { ended, now }: TripQuestion<RoundTripVerdict>): RoundTripVerdict {
  const arrived = [...before.arrived, ended.id];
  if (before.episode === null) return { ...before, failed: [], arrived: [] };
  return arrived.length < IN_A_ROW ? { ...before, arrived } : tellEnd(before, ended, now);
}

function tell(verdict: RoundTripVerdict, ended: EndedTrip, now: number): RoundTripVerdict {
  const opened = isoSeconds(verdict.failed[0]?.at ?? ended.at);
  const episode = { id: `${verdict.trip}/trip@${opened}`, opened, findings: ended.findings.slice(0, MOST_FINDINGS) };
  const vantages = [...new Set(verdict.failed.map(({ vantage }) => vantage))];
  const reason = `${verdict.failed.length} trips in a row failed, sent from ${vantages.join(' and ')}`;
  return addAlert({ ...verdict, episode }, 'trip', { vantages, reason, closed: null, now });
}

function tellEnd(verdict: RoundTripVerdict, ended: EndedTrip, now: number): RoundTripVerdict {
  const reason = `${IN_A_ROW} trips in a row arrived`;
  const news = { vantages: [ended.vantage], reason, closed: isoSeconds(now), now };
  return { ...addAlert(verdict, 'trip-over', news), failed: [], arrived: [], episode: null };
}

const WITHDRAWN = 'withdrawn: the round trip is no longer in the config';

/** Ends the verdict of a round trip that is no longer in the config, with an alert for what is open. Idempotent. */
export function withdrawTrip<Verdict extends RoundTripVerdict>(
  verdict: Verdict,
  now: number,
): Verdict | RoundTripVerdict {
  if (verdict.failed.length + verdict.arrived.length === 0) return verdict;
  const news = { vantages: [], reason: WITHDRAWN, closed: isoSeconds(now), now };
  return { ...addAlert(verdict, 'trip-over', news), failed: [], arrived: [], episode: null };
}

const MOST_FINDINGS = 5;

interface TripAlert {
  readonly vantages: readonly string[];
  readonly reason: string;
  readonly closed: string | null;
  readonly now: number;
}

function addAlert(verdict: RoundTripVerdict, kind: 'trip' | 'trip-over', due: TripAlert): RoundTripVerdict {
  const { trip, alerts, owed, episode } = verdict;
  const { vantages, reason, closed, now } = due;
  if (episode === null) return verdict;
  const at = alertTime(owed.at(-1)?.at ?? null, isoSeconds(now));
  const { id, opened, findings, acknowledged } = episode;
  const news = { findings: findings.map((one) => told(one, trip, opened, vantages)), more: 0, warnings: [] };
  const incident: Incident = {
    ...{ id, target: trip, opened, closed, verdict: 'degraded', witnesses: [], timeline: [] },
    ...(acknowledged && { acknowledged }),
  };
  const alert: Alert = {
    ...{ id: `${id}#${alerts + 1}-${kind}`, kind, subject: trip, at, incident, reason },
    ...{ was: kind === 'trip' ? 'up' : 'degraded', is: kind === 'trip' ? 'degraded' : 'up' },
    votes: vantages.map((vantage) => ({ vantage, vote: kind === 'trip' ? 'down' : 'up', why: reason })),
    ...{ trip: news, posture: news },
  };
  return { ...verdict, alerts: alerts + 1, owed: [...owed, alert] };
}

function told(news: TripNews, trip: string, since: string, vantages: readonly string[]) {
  return {
    ...news,
    ...{ area: 'trip', subject: trip, since, vantages, rfc: '', publish: [] },
    command: `npx smtp-quorum roundtrip ${trip}`,
  };
}
