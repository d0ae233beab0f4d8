/** Which alert is due after a change of verdict, phase or warning. */
import type { JudgementDraft, JudgementInputs } from '../judgement/draft.ts';
import { type Alert, type AlertKind, isOpen } from '../judgement/incident.ts';
import type { Memory } from '../judgement/judgement.ts';
import type { Verdict } from '../judgement/verdict.ts';
import { chapterOf } from './chapters.ts';
import { incidentExcerpt, withLastFailures } from './evidence.ts';

const HOUR = 3_600_000;

/** The kind of alert, by the last reported verdict and the current one; null if none is due. */
const ALERT_KINDS: Readonly<Record<Verdict, Readonly<Record<Verdict, AlertKind | null>>>> = {
  up: { up: null, degraded: 'degraded', down: 'down', unknown: 'unknown' },
  degraded: { up: 'recovered', degraded: null, down: 'down', unknown: 'unknown' },
  down: { up: 'recovered', degraded: 'update', down: null, unknown: 'unknown' },
  unknown: { up: 'recovered', degraded: 'degraded', down: 'down', unknown: null },
};

interface DueAlert {
  readonly kind: AlertKind;
  /** The phase or warning that the alert reports. Each is reported once. */
  readonly mention: string | null;
}

/** Copies the decided verdict. Flapping ends after half an hour without a change of verdict. */
export function applyVerdict(draft: JudgementDraft, { decision, at, now }: JudgementInputs): JudgementDraft {
  const { memory, since } = draft;
  if (decision.verdict !== draft.verdict) return { ...draft, verdict: decision.verdict, since: at };
  const isStable = memory.flapping && now - Date.parse(since) >= HOUR / 2;
  return isStable ? { ...draft, memory: { ...memory, flapping: false, transitions: [] } } : draft;
}

/** Adds the alert that is due, if any. */
export function addDueAlerts(draft: JudgementDraft, inputs: JudgementInputs): JudgementDraft {
  const due = dueAlertOf(draft, inputs);
  const isClosed = !isOpen(draft.incident);
  if (due === null) return isClosed ? { ...draft, memory: resetMemory(draft.memory) } : draft;
  const memory = recordAlert(draft, due, inputs);
  const owed = [...draft.owed, alertOf(draft, inputs, due.kind)];
  return { ...draft, owed, memory: isClosed ? resetMemory(memory) : memory };
}

function recordAlert(
  { memory, verdict }: JudgementDraft,
  { kind, mention }: DueAlert,
  { at, policy }: JudgementInputs,
): Memory {
  return {
    ...memory,
    mentioned: mention === null ? memory.mentioned : [...memory.mentioned, mention],
    transitions: [...memory.transitions, at].slice(-policy.flaps),
    // Every verdict after flapping is reported.
    told: kind === 'flapping' ? 'unknown' : verdict,
    flapping: kind === 'flapping',
    alerts: memory.alerts + 1,
  };
}

/** The memory after the end of an incident. */
function resetMemory(memory: Memory): Memory {
  return { ...memory, told: 'up', alerts: 0, mentioned: [] };
}

function dueAlertOf(draft: JudgementDraft, inputs: JudgementInputs): DueAlert | null {
  const { memory, verdict } = draft;
  if (memory.flapping) return null;
  if (verdict === 'unknown' && !isUnknownForLong(draft, inputs)) return null;
  const mention = mentionOf(draft, inputs);
  const kind = ALERT_KINDS[memory.told][verdict];
  if (kind !== null) return { kind: verdict !== 'up' && isFlapping(memory, inputs) ? 'flapping' : kind, mention };
  if (mention === null || memory.mentioned.includes(mention) || draft.incident?.acknowledged !== undefined) return null;
  return { kind: verdict === 'degraded' ? 'degraded' : 'update', mention };
}

/** Whether so many changes were reported in the last hour that one more is flapping. */
function isFlapping({ transitions }: Memory, { policy, now }: JudgementInputs): boolean {
  return transitions.filter((at) => now - Date.parse(at) < HOUR).length >= policy.flaps;
}

/** Missing voters are reported only after some rounds: after a suspend of the machine all rounds are stale. */
function isUnknownForLong({ incident, since }: JudgementDraft, { now, policy }: JudgementInputs): boolean {
  return isOpen(incident) && now - Date.parse(since) >= policy.silence * policy.every;
}

/** The warning that the quorum agrees on, or the phase of the present chapter. An incident reports each once. */
function mentionOf({ incident }: JudgementDraft, { decision }: JudgementInputs): string | null {
  if (decision.warning !== null) return decision.warning;
  return decision.verdict === 'down' && incident !== null ? (chapterOf(incident)?.phase ?? null) : null;
}

function alertOf(draft: JudgementDraft, { previous, ballots, decision, at }: JudgementInputs, kind: AlertKind): Alert {
  const { target, incident, memory, verdict } = draft;
  const votes = ballots.map(({ vantage, vote, why }) => ({ vantage, vote, why }));
  return {
    id: `${incident?.id ?? `${target}@${at}`}#${memory.alerts + 1}-${kind}`,
    kind,
    subject: target,
    at,
    was: memory.told === 'up' ? previous.verdict : memory.told,
    is: verdict,
    incident: incident && incidentExcerpt(withLastFailures(incident, ballots), votes),
    votes,
    reason: decision.reason,
  };
}
