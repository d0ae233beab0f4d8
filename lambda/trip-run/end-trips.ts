/** Ends trips that have a verdict: adds the alert that is due, and takes the trips out of the state of the mailbox. */
import { judgeTrip, vantagesBeforeSecond } from '../consensus/trips/judge-trip.ts';
import type { RoundTripVerdict } from '../consensus/trips/round-trip-verdict.ts';
import type { MailboxState, OpenTrip } from '../history/trips/mailbox-state.ts';
import type { TripRecord } from '../history/trips/trip-record.ts';
import { CLAIM_LASTS, endedTrip } from './trip-outcome.ts';
import type { TripRun } from './trip-run.ts';

/** Writes that are tried again because another run was first. */
const ATTEMPTS = 6;

/** Trips that may still arrive when they were given up. */
const MAY_ARRIVE: ReadonlySet<string> = new Set(['not-arrived', 'receiver-unreachable']);

export interface EndedTrips {
  readonly ended: readonly TripRecord[];
  /** Round trips with an alert that is owed. */
  readonly owing: readonly string[];
}

/** By the identifier of a trip that ended: the vantages that failed, if another is to send at once. */
type SecondMessages = ReadonlyMap<string, readonly string[]>;

/** Each step can be repeated: a run that ends between two of them leaves the rest to the next one. */
export async function endTrips(run: TripRun): Promise<EndedTrips> {
  const ended = [...run.open.values()].filter(({ verdict }) => verdict !== null);
  const fresh = ended.filter(({ id, arrivals }) => !run.givenUp.has(id) || arrivals.length > 0);
  const second = new Map<string, readonly string[]>();
  const owing: string[] = [];
  for (const record of fresh.toSorted((a, b) => a.at - b.at)) {
    // One that was given up was judged then.
    if (run.givenUp.has(record.id)) continue;
    const verdict = await judge(run, record);
    // One of which nothing is known does not ask for another: it would be repeated for as long as a vantage cannot send.
    if (record.verdict?.outcome !== 'unable') second.set(record.id, vantagesBeforeSecond(verdict, record.id));
    if (verdict !== null && verdict.owed.length > 0) owing.push(record.trip);
  }
  if (fresh.length > 0 || neverSent(run).length > 0) await closeInMailbox(run, fresh, second);
  return { ended: fresh, owing };
}

async function judge({ ports }: TripRun, record: TripRecord): Promise<RoundTripVerdict | null> {
  const { trip, verdict } = record;
  if (verdict === null) return null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const previous = await ports.history.verdict(trip);
    const vantages = ports.config.policy.vantages.length;
    const next = judgeTrip({ trip, previous, ended: endedTrip(record, verdict), vantages, now: ports.now() });
    if (next === null || next === previous) return next;
    if (await ports.history.writeVerdict(next, previous?.version ?? 0)) return next;
  }
  throw new Error(`the verdict of round trip ${trip} changes all the time`);
}

/** A run that has claimed them may still write their records for some time. */
function neverSent({ ports, missing }: TripRun): readonly OpenTrip[] {
  return missing.filter(({ at }) => ports.now() - at > CLAIM_LASTS);
}

async function closeInMailbox(run: TripRun, ended: readonly TripRecord[], second: SecondMessages): Promise<void> {
  const { ports, group } = run;
  const gone = neverSent(run);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const stored = await ports.history.mailbox(group.mailbox);
    const isGone = ({ trip, at }: OpenTrip) => gone.some((one) => one.trip === trip && one.at === at);
    const state = { ...stored, open: stored.open.filter((one) => !isGone(one)) };
    if ((await ports.history.writeMailbox(group.mailbox, closed(state, ended, second))) !== null) return;
  }
  throw new Error('the state of the mailbox changes all the time');
}

function closed(state: MailboxState, ended: readonly TripRecord[], second: SecondMessages): MailboxState {
  const open = state.open.flatMap((one): readonly OpenTrip[] => {
    const record = ended.find(({ trip, at }) => trip === one.trip && at === one.at);
    if (record === undefined) return [one];
    return mayArrive(record) ? [{ ...one, isGivenUp: true }] : [];
  });
  // What another run has closed asked for its second message then.
  const fresh = ended.filter(({ trip, at }) =>
    state.open.some((one) => one.trip === trip && one.at === at && one.isGivenUp !== true),
  );
  const asked = fresh.flatMap(({ trip, id }) => {
    const vantages = second.get(id);
    return vantages === undefined ? [] : [[trip, vantages] as const];
  });
  const all = Object.entries({ ...state.second, ...Object.fromEntries(asked) });
  return { ...state, open, second: Object.fromEntries(all.filter(([, vantages]) => vantages.length > 0)) };
}

function mayArrive({ arrivals, verdict }: TripRecord): boolean {
  return arrivals.length === 0 && verdict?.findings.some(({ code }) => MAY_ARRIVE.has(code)) === true;
}
