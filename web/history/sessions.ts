/** The sessions in shards of rounds. Pure: it runs in the browser, and in tests without one. */
import {
  unpackDictionary,
  unpackNumbers,
  unpackRounds,
  unpackWords,
} from '../../lambda/history/packing/column-packing.ts';
import type { RoundColumns, RoundShard, SessionColumns } from '../../lambda/reports/history-shards/shard.ts';
import type { Outcome, TimedPhase } from '../../lambda/smtp/sample/sample.ts';

export type SeenFacts = Readonly<Record<string, string>>;

export interface Session {
  readonly vantage: string;
  readonly round: string;
  /** Epoch milliseconds of the round. */
  readonly at: number;
  readonly outcome: Outcome;
  readonly timings: Readonly<Partial<Record<TimedPhase, number>>>;
  readonly total: number;
  /** What was said and seen; null where it is hidden. */
  readonly seen: SeenInSession | null;
}

export interface SeenInSession {
  readonly phase: string | null;
  readonly code: string | null;
  readonly reply: string | null;
  readonly detail: string | null;
  readonly address: string | null;
  /** Empty if none is kept. */
  readonly transcript: readonly string[];
  /** As far as they are known: facts are recorded hourly, and when they change. */
  readonly facts: SeenFacts;
}

/** Oldest first. Of the same session in two shards, the transcript of the one and the facts of the other. */
export function sessionsInShards(shards: readonly RoundShard[]): readonly Session[] {
  const sessions = new Map<string, Session>();
  for (const session of shards.flatMap(sessionsOfShard)) {
    const name = `${session.vantage} ${session.round}`;
    sessions.set(name, { ...session, seen: withAllSeen(session.seen, sessions.get(name)?.seen ?? null) });
  }
  return [...sessions.values()].sort((a, b) => a.at - b.at);
}

function withAllSeen(one: SeenInSession | null, other: SeenInSession | null): SeenInSession | null {
  if (one === null || other === null) return one ?? other;
  const count = (facts: SeenFacts) => Object.keys(facts).length;
  return {
    ...one,
    reply: one.reply ?? other.reply,
    detail: one.detail ?? other.detail,
    transcript: one.transcript.length > 0 ? one.transcript : other.transcript,
    facts: count(one.facts) >= count(other.facts) ? one.facts : other.facts,
  };
}

function sessionsOfShard({ hours }: RoundShard): readonly Session[] {
  const facts = new Map<string, SeenFacts>();
  return hours.flatMap(({ hour, vantages }) =>
    Object.entries(vantages).flatMap(([vantage, columns]) => unpackSessions(vantage, hour, columns, facts)),
  );
}

/** @param known the facts of each vantage so far; those of this hour are added */
function unpackSessions(
  vantage: string,
  hour: string,
  columns: RoundColumns,
  known: Map<string, SeenFacts>,
): readonly Session[] {
  const outcomes = unpackWords(columns.outcomes) as readonly Outcome[];
  const timings = Object.entries(columns.timings).map(([phase, text]) => [phase, unpackNumbers(text)] as const);
  const totals = columns.totals === undefined ? [] : unpackNumbers(columns.totals);
  const seen = columns.sessions === undefined ? null : unpackSeen(columns.sessions, outcomes.length, vantage, known);
  return unpackRounds(columns.rounds, hour).map((round, row) => {
    const own = timings.flatMap(([phase, all]) => (all[row] == null ? [] : [[phase, all[row]] as const]));
    return {
      vantage,
      round,
      at: Date.parse(`${round.slice(0, 19)}Z`),
      outcome: outcomes[row] ?? 'unable',
      timings: Object.fromEntries(own),
      total: totals[row] ?? sumWithoutQuit(own),
      seen: seen?.[row] ?? null,
    };
  });
}

function sumWithoutQuit(timings: readonly (readonly [phase: string, length: number])[]): number {
  const sum = timings.reduce((all, [phase, length]) => all + (phase === 'quit' ? 0 : length), 0);
  // As the table rounds times: whole milliseconds, tenths below ten.
  return sum < 10 ? Math.round(sum * 10) / 10 : Math.round(sum);
}

function unpackSeen(
  { addresses, findings, transcripts, facts = [] }: SessionColumns,
  rows: number,
  vantage: string,
  known: Map<string, SeenFacts>,
): readonly SeenInSession[] {
  const [address, finding, transcript] = [
    unpackDictionary(addresses),
    findings === undefined ? [] : unpackDictionary(findings),
    transcripts === undefined ? [] : unpackDictionary(transcripts),
  ];
  const changes = new Map(facts);
  return Array.from({ length: rows }, (_, row) => {
    const changed = changes.get(row);
    if (changed !== undefined) known.set(vantage, { ...known.get(vantage), ...changed });
    const [phase = null, code = null, reply = null, detail = null] = finding[row] ?? [];
    return {
      phase,
      code,
      reply,
      detail,
      address: address[row] ?? null,
      transcript: transcript[row] ?? [],
      facts: known.get(vantage) ?? {},
    };
  });
}
