import type { Facts } from '../consensus/judgement/observation.ts';

/**
 * Facts (`consensus/facts.ts` has which) are some 270 bytes, four times the rest of a sample, and seldom change: once an
 * hour they add 5 bytes to a sample, each quarter of an hour 18, which no longer keeps the price of docs/table.md.
 */
const hour = 60 * 60_000;

/**
 * Changes of a fact that are recorded in an hour, beside the hour's own: hosts behind one name that differ, or a server
 * that makes its facts up, must not cost a write each round.
 */
const mostChanges = 4;

/** A function that is called more seldom than this may be a new process each time, which knows of nothing recorded. */
const keptWarm = 5 * 60_000;

/** What this process recorded of a target: the newest facts, and how often each changed within the hour. */
export interface RecordedFacts {
  readonly facts: Facts;
  /** Hours since the epoch. */
  readonly hour: number;
  readonly changes: Readonly<Record<string, number>>;
}

/**
 * The facts that a sample brings with it: all of them with the first of an hour that knows them, and with the first of a
 * process; else those that are not as they were recorded.
 * @param before undefined where this process recorded none yet
 * @param every length of a round in milliseconds
 */
export function factsToRecord(facts: Facts, before: RecordedFacts | undefined, round: string, every: number): Facts {
  if (before === undefined) return every <= keptWarm || isFirstOfHour(round, every) ? facts : {};
  if (before.hour < hourOf(round)) return facts;
  const changed = Object.entries(facts).filter(
    ([name, value]) => before.facts[name] !== value && (before.changes[name] ?? 0) < mostChanges,
  );
  return Object.fromEntries(changed);
}

/** What is to be remembered once the round is written. What a new process did not record it compares with all the same. */
export function updateRecordedFacts(
  before: RecordedFacts | undefined,
  facts: Facts,
  recorded: Facts,
  round: string,
): RecordedFacts {
  if (before === undefined || before.hour < hourOf(round))
    return { facts: { ...before?.facts, ...facts }, hour: hourOf(round), changes: {} };
  const counted = Object.keys(recorded).map((name) => [name, (before.changes[name] ?? 0) + 1]);
  return {
    facts: { ...before.facts, ...recorded },
    hour: before.hour,
    changes: { ...before.changes, ...Object.fromEntries(counted) },
  };
}

/** Whether a round is the first of its hour. */
export function isFirstOfHour(round: string, every: number): boolean {
  const at = Date.parse(round);
  return Math.floor(at / hour) !== Math.floor((at - every) / hour);
}

function hourOf(round: string): number {
  return Math.floor(Date.parse(round) / hour);
}
