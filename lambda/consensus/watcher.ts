import { excerptOf, noted } from './evidence.ts';
import { type Alert, type Incident, isOpen } from './incident.ts';
import { type Draft, draftOf, isSame } from './judge.ts';
import { BLANK, type Judgement } from './judgement.ts';
import { roundName } from './observation.ts';
import type { Policy } from './policy.ts';
import type { Verdict } from './verdict.ts';

/** What the judgement of a vantage is kept under, beside those of targets: no target id has a slash. */
export function watcherId(vantage: string): string {
  return `vantage/${vantage}`;
}

/**
 * The next judgement of a vantage as a watcher: `up` while it sees, `unknown` while it is blind. Blindness that lasts
 * `silence` rounds is an incident of its own, told once when it begins and once when it is over, as alerts of kind `blind`
 * to the operators of the monitor. Returns `previous` itself when nothing changed.
 *
 * @param reason Why it is blind, of `blindVantages`; null while it sees.
 */
export function judgeVantage(question: {
  readonly vantage: string;
  readonly previous: Judgement | null;
  readonly reason: string | null;
  readonly policy: Policy;
  readonly now: number;
}): Judgement {
  const { vantage, previous, reason, policy, now } = question;
  const verdict: Verdict = reason === null ? 'up' : 'unknown';
  const at = roundName(now);
  const unjudged = { target: watcherId(vantage), verdict, since: at, incident: null, owed: [], memory: BLANK };
  const before = draftOf(previous ?? unjudged);
  const draft: Draft = before.verdict === verdict ? before : { ...before, verdict, since: at };
  const lasting = now - Date.parse(draft.since) >= policy.silence * policy.every;
  const next = lasting && isOpen(draft.incident) === (reason === null) ? turned(draft, vantage, reason, at) : draft;
  return previous !== null && isSame(previous, next) ? previous : next;
}

/** Opens the incident of a blind vantage, or closes that of one that sees again. */
function turned(draft: Draft, vantage: string, reason: string | null, at: string): Draft {
  const incident = isOpen(draft.incident) ? ended(draft.incident, at) : begun(draft, reason ?? '', at);
  return { ...draft, incident, owed: [...draft.owed, alertOf(incident, vantage, reason, at)] };
}

function begun({ target, since, incident: last }: Draft, reason: string, at: string): Incident {
  const opened = last?.closed != null && last.closed > since ? last.closed : since;
  const incident = {
    id: `${target}@${opened}`,
    target,
    opened,
    closed: null,
    verdict: 'unknown',
    witnesses: [],
  } as const;
  return noted({ ...incident, timeline: [] }, at, reason);
}

function ended(incident: Incident, at: string): Incident {
  return { ...noted(incident, at, 'sees again'), closed: at };
}

function alertOf(incident: Incident, vantage: string, reason: string | null, at: string): Alert {
  const [was, is] = reason === null ? (['unknown', 'up'] as const) : (['up', 'unknown'] as const);
  return {
    id: `${incident.id}#${reason === null ? 2 : 1}-blind`,
    kind: 'blind',
    subject: vantage,
    at,
    was,
    is,
    incident: excerptOf(incident),
    votes: [],
    reason: reason ?? 'sees again',
  };
}
