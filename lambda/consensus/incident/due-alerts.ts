/** Which alert is due after a change of verdict, phase or warning. */

import { CLOCK_DIFFERENCE } from '../judgement/alert-time.ts';
import type { JudgementDraft, JudgementInputs } from '../judgement/draft.ts';
import { type Alert, type AlertKind, isOpen } from '../judgement/incident.ts';
import type { Memory } from '../judgement/judgement-state.ts';
import type { Policy } from '../judgement/policy.ts';
import { laterTime } from '../judgement/round-name.ts';
import type { Verdict } from '../judgement/vote-and-verdict-definitions.ts';
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

/** How long a target that flaps must be `down` without a break before it is paged, milliseconds. */
const STEADY_DOWN = 5 * 60_000;

/**
 * Copies the decided verdict. Flapping ends after half an hour without a change of verdict, or after five minutes of `down`.
 * In the second case the earlier alerts still count: the next alert but a recovery is again one of flapping.
 */
export function applyVerdict(draft: JudgementDraft, { decision, at, now }: JudgementInputs): JudgementDraft {
  const { memory, since, verdict } = draft;
  if (decision.verdict !== verdict) return { ...draft, verdict: decision.verdict, since: at };
  if (!memory.flapping) return draft;
  const steady = now - Date.parse(since);
  if (steady >= HOUR / 2) return { ...draft, memory: { ...memory, flapping: false, transitions: [] } };
  return verdict === 'down' && steady >= STEADY_DOWN ? { ...draft, memory: { ...memory, flapping: false } } : draft;
}

/** Adds the alert that is due, if any. */
export function addDueAlerts(draft: JudgementDraft, inputs: JudgementInputs): JudgementDraft {
  const due = dueAlertOf(draft, inputs);
  const isClosed = !isOpen(draft.incident);
  if (due === null) return isClosed ? { ...draft, memory: resetMemory(draft.memory) } : draft;
  const at = orderedTime(draft.memory, inputs);
  const memory = recordAlert(draft, due, at, inputs.policy);
  const owed = [...draft.owed, alertOf(draft, inputs, due.kind, at)];
  return { ...draft, owed, memory: isClosed ? resetMemory(memory) : memory };
}

/**
 * The time of an alert, which orders its deliveries: not before that of the last one, also if the clock of this judge is
 * behind the clock of the judge that decided that one.
 */
function orderedTime({ transitions }: Memory, { at, now }: JudgementInputs): string {
  const last = transitions.at(-1);
  return last === undefined || Date.parse(last) - now > CLOCK_DIFFERENCE ? at : laterTime(last, at);
}

function recordAlert(
  { memory: { toldFlapping: _, ...memory }, verdict }: JudgementDraft,
  { kind, mention }: DueAlert,
  at: string,
  policy: Policy,
): Memory {
  return {
    ...(kind === 'flapping' ? { toldFlapping: verdict } : {}),
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
  const { toldFlapping: _, ...rest } = memory;
  return { ...rest, told: 'up', alerts: 0, mentioned: [] };
}

function dueAlertOf(draft: JudgementDraft, inputs: JudgementInputs): DueAlert | null {
  const { memory, verdict } = draft;
  if (memory.flapping) return null;
  if (verdict === 'unknown' && !isUnknownForLong(draft, inputs)) return null;
  const mention = mentionOf(draft, inputs);
  const kind = ALERT_KINDS[memory.told][verdict];
  if (kind !== null) return { kind: startsToFlap(draft, inputs) ? 'flapping' : kind, mention };
  if (mention === null || memory.mentioned.includes(mention) || draft.incident?.acknowledged !== undefined) return null;
  return { kind: verdict === 'degraded' ? 'degraded' : 'update', mention };
}

/** Whether so many changes were reported in the last hour that one more is flapping. A steady `down` is not. */
function startsToFlap({ memory, verdict, since }: JudgementDraft, { policy, now }: JudgementInputs): boolean {
  if (verdict === 'up' || (verdict === 'down' && now - Date.parse(since) >= STEADY_DOWN)) return false;
  return memory.transitions.filter((at) => now - Date.parse(at) < HOUR).length >= policy.flaps;
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

function alertOf(
  draft: JudgementDraft,
  { previous, ballots, decision }: JudgementInputs,
  kind: AlertKind,
  at: string,
): Alert {
  const { target, incident, memory, verdict } = draft;
  const votes = ballots.map(({ vantage, vote, why }) => ({ vantage, vote, why }));
  return {
    id: `${incident?.id ?? `${target}@${at}`}#${memory.alerts + 1}-${kind}`,
    kind,
    subject: target,
    at,
    was: lastTold(previous, memory),
    is: verdict,
    incident: incident && incidentExcerpt(withLastFailures(incident, ballots), votes),
    votes,
    reason: decision.reason,
  };
}

/** The verdict that was reported last. A new target has no report, and its first verdicts were `unknown`. */
function lastTold({ verdict, incident }: JudgementDraft, { told, toldFlapping }: Memory): Verdict {
  if (toldFlapping !== undefined) return toldFlapping;
  return told === 'up' && verdict === 'unknown' && !isOpen(incident) ? 'unknown' : told;
}
