/** Ends trips that have a verdict: adds the alert that is due, and takes the trips out of the state of the mailbox. */
import { judgeTrip, vantagesBeforeSecond } from '../consensus/trips/judge-trip.ts';
import type { RoundTripVerdict } from '../consensus/trips/round-trip-verdict.ts';
import type { MailboxState, OpenTrip } from '../history/trips/mailbox-state.ts';
import type { TripRecord } from '../history/trips/trip-record.ts';
import { endedTrip } from './trip-outcome.ts';
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
    second.set(record.trip, vantagesBeforeSecond(verdict));
    if (verdict !== null && verdict.owed.length > 0) owing.push(record.trip);
  }
  if (fresh.length > 0) await closeInMailbox(run, fresh, second);
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

async function closeInMailbox(
  { ports, group }: TripRun,
  ended: readonly TripRecord[],
  second: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const state = await ports.history.mailbox(group.mailbox);
    if ((await ports.history.writeMailbox(group.mailbox, closed(state, ended, second))) !== null) return;
  }
  throw new Error('the state of the mailbox changes all the time');
}

function closed(
  state: MailboxState,
  ended: readonly TripRecord[],
  second: ReadonlyMap<string, readonly string[]>,
): MailboxState {
  const open = state.open.flatMap((one): readonly OpenTrip[] => {
    const record = ended.find(({ trip, at }) => trip === one.trip && at === one.at);
    if (record === undefined) return [one];
    return mayArrive(record) ? [{ ...one, isGivenUp: true }] : [];
  });
  const wanted = [...second].filter(([, vantages]) => vantages.length > 0);
  const others = Object.entries(state.second).filter(([trip]) => !second.has(trip));
  return { ...state, open, second: Object.fromEntries([...others, ...wanted]) };
}

function mayArrive({ arrivals, verdict }: TripRecord): boolean {
  return arrivals.length === 0 && verdict?.findings.some(({ code }) => MAY_ARRIVE.has(code)) === true;
}
