import { excerptOf } from './evidence.ts';
import { type Alert, type AlertKind, isOpen } from './incident.ts';
import type { Case, Draft } from './judge.ts';
import type { Memory } from './judgement.ts';
import type { Policy } from './policy.ts';
import type { Verdict } from './verdict.ts';

const HOUR = 3_600_000;

/** What to tell people, by the verdict they were last told of and the present one; null where it is no news. */
const NEWS: Readonly<Record<Verdict, Readonly<Record<Verdict, AlertKind | null>>>> = {
  up: { up: null, degraded: 'degraded', down: 'down', unknown: 'unknown' },
  degraded: { up: 'recovered', degraded: null, down: 'down', unknown: 'unknown' },
  down: { up: 'recovered', degraded: 'update', down: null, unknown: 'unknown' },
  unknown: { up: 'recovered', degraded: 'degraded', down: 'down', unknown: null },
};

interface News {
  readonly kind: AlertKind;
  /** The phase or warning that is told with it, so that it is told once. */
  readonly mention: string | null;
}

/** Takes over the verdict of the decision, and notices when it turns too often. */
export function turned(draft: Draft, { decision, at, now, policy }: Case): Draft {
  if (decision.verdict === draft.verdict) return steadied(draft, now);
  const transitions = [...draft.memory.transitions, at].slice(-(policy.flaps + 1));
  const flapping = draft.memory.flapping || isFlapping(transitions, policy, now);
  return { ...draft, verdict: decision.verdict, since: at, memory: { ...draft.memory, transitions, flapping } };
}

function isFlapping(transitions: readonly string[], { flaps }: Policy, now: number): boolean {
  return transitions.filter((at) => now - Date.parse(at) < HOUR).length > flaps;
}

/** Flapping is over after half an hour without a change of verdict. */
function steadied(draft: Draft, now: number): Draft {
  const { memory, since } = draft;
  const over = memory.flapping && now - Date.parse(since) >= HOUR / 2;
  return over ? { ...draft, memory: { ...memory, flapping: false, transitions: [] } } : draft;
}

/** Owes people what is news to them. */
export function alerted(draft: Draft, facts: Case): Draft {
  const news = newsOf(draft, facts);
  const { memory, incident } = draft;
  const closed = !isOpen(incident);
  if (news === null) return closed ? { ...draft, memory: forgotten(memory) } : draft;
  const owed = [...draft.owed, alertOf(draft, facts, news.kind)];
  const mentioned = news.mention === null ? memory.mentioned : [...memory.mentioned, news.mention];
  const told = news.kind === 'flapping' ? 'unknown' : draft.verdict;
  const remembered = { ...memory, mentioned, told, alerts: memory.alerts + 1 };
  return { ...draft, owed, memory: closed ? forgotten(remembered) : remembered };
}

/** What the end of an incident leaves behind. */
function forgotten(memory: Memory): Memory {
  return { ...memory, told: 'up', alerts: 0, mentioned: [] };
}

function newsOf(draft: Draft, facts: Case): News | null {
  const { memory, verdict } = draft;
  const mention = mentionOf(facts);
  if (memory.flapping) return facts.previous.memory.flapping ? null : { kind: 'flapping', mention };
  if (verdict === 'unknown' && !isSilent(draft, facts)) return null;
  const kind = NEWS[memory.told][verdict];
  if (kind !== null) return { kind, mention };
  if (mention === null || memory.mentioned.includes(mention) || draft.incident?.acknowledged !== undefined) return null;
  return { kind: verdict === 'degraded' ? 'degraded' : 'update', mention };
}

/** Not having enough voters is told only when it lasts: a judge that slept wakes up to stale rounds. */
function isSilent({ incident, since }: Draft, { now, policy }: Case): boolean {
  return isOpen(incident) && now - Date.parse(since) >= policy.silence * policy.every;
}

/** What an incident tells once: the warning agreed on, or the phase at which most vantages fail. */
function mentionOf({ decision, ballots }: Case): string | null {
  if (decision.warning !== null) return decision.warning;
  if (decision.verdict !== 'down') return null;
  const phases = ballots.flatMap(({ vote, newest }) => (vote === 'down' && newest?.phase ? [newest.phase] : [])).sort();
  const most = Math.max(...phases.map((phase) => timesIn(phases, phase)));
  return phases.find((phase) => timesIn(phases, phase) === most) ?? null;
}

function timesIn(row: readonly string[], value: string): number {
  return row.filter((other) => other === value).length;
}

function alertOf(draft: Draft, { previous, ballots, decision, at }: Case, kind: AlertKind): Alert {
  const { target, incident, memory, verdict } = draft;
  return {
    id: `${incident?.id ?? `${target}@${at}`}#${memory.alerts + 1}-${kind}`,
    kind,
    subject: target,
    at,
    was: memory.told === 'up' ? previous.verdict : memory.told,
    is: verdict,
    incident: incident && excerptOf(incident),
    votes: ballots.map(({ vantage, vote, why }) => ({ vantage, vote, why })),
    reason: decision.reason,
  };
}
