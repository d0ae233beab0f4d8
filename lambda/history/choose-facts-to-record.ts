/**
 * Decides which facts of a target are recorded with a round.
 *
 * Facts (listed in `consensus/facts/server-facts.ts`) take about 270 bytes, four times the rest of a sample, and rarely change.
 * Recorded once an hour they add 5 bytes to a sample; recorded every 15 minutes, 18 bytes, which exceeds the price in
 * docs/table.md.
 */
import type { Facts } from '../consensus/judgement/observation.ts';

const hour = 60 * 60_000;

/**
 * Changes of a fact that are recorded in an hour, in addition to the hourly record. It bounds the cost of hosts that differ
 * behind one name and of a server that invents facts.
 */
const maximumChanges = 4;

/** A function that is called less often than this may be a new process each time and know of no recorded facts. */
const warmInterval = 5 * 60_000;

/** What this process recorded of a target: the newest facts, and how often each changed within the hour. */
export interface RecordedFacts {
  readonly facts: Facts;
  /** Hours since the epoch, of the round that began last. */
  readonly hour: number;
  /** Of the round that began last. */
  readonly turn: number;
  readonly changes: Readonly<Record<string, number>>;
  /** By fact, the turn of the round that recorded it last. */
  readonly turns: Readonly<Record<string, number>>;
}

/**
 * The facts to record with a sample. The first sample of an hour that has facts records all of them, and so does the first
 * sample of a process. Any other sample records those that differ from the record. A clock that was set back begins an hour, too.
 * @param before undefined if this process has recorded none
 * @param every length of a round in milliseconds
 * @param turn rounds of one process are counted as they begin
 */
export function factsToRecord(
  facts: Facts,
  before: RecordedFacts | undefined,
  { round, every, turn = 0 }: { readonly round: string; readonly every: number; readonly turn?: number },
): Facts {
  if (before === undefined) return every <= warmInterval || isFirstOfHour(round, every) ? facts : {};
  if (beginsHour(before, round, turn)) return facts;
  const changed = Object.entries(facts).filter(
    ([name, value]) => before.facts[name] !== value && (before.changes[name] ?? 0) < maximumChanges,
  );
  return Object.fromEntries(changed);
}

/**
 * The record after the round is written. A new process also compares with facts that it did not record. Rounds overlap: of
 * two that recorded a fact, the one that began later counts, also if it was written first.
 * @param now the record at the end of the write, which may be newer than the one that the facts were compared with
 */
export function updateRecordedFacts(
  now: RecordedFacts | undefined,
  facts: Facts,
  recorded: Facts,
  round: string,
  turn = 0,
): RecordedFacts {
  const newer = Object.entries(now === undefined ? facts : recorded).filter(
    ([name]) => turn >= (now?.turns[name] ?? turn),
  );
  const known = {
    facts: { ...now?.facts, ...Object.fromEntries(newer) },
    turns: { ...now?.turns, ...Object.fromEntries(newer.map(([name]) => [name, turn])) },
  };
  if (now === undefined || beginsHour(now, round, turn)) return { ...known, hour: hourOf(round), turn, changes: {} };
  if (hourOf(round) !== now.hour) return { ...now, ...known };
  const counted = Object.keys(recorded).map((name) => [name, (now.changes[name] ?? 0) + 1]);
  return {
    ...known,
    hour: now.hour,
    turn: Math.max(turn, now.turn),
    changes: { ...now.changes, ...Object.fromEntries(counted) },
  };
}

/** Whether a round is of another hour than the last one, and did not begin before it. */
function beginsHour({ hour, turn }: RecordedFacts, round: string, ownTurn: number): boolean {
  return hourOf(round) !== hour && ownTurn >= turn;
}

/** Whether a round is the first of its hour. */
export function isFirstOfHour(round: string, every: number): boolean {
  const at = Date.parse(round);
  return Math.floor(at / hour) !== Math.floor((at - every) / hour);
}

function hourOf(round: string): number {
  return Math.floor(Date.parse(round) / hour);
}
