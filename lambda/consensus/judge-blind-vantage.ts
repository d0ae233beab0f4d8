/** The judgement of a vantage: whether it is blind, its incident and its alerts. */
import { addTimelineLine, incidentExcerpt } from './incident/evidence.ts';
import { isSameJudgement, type JudgementDraft, toDraft } from './judgement/draft.ts';
import { deploymentTime, presenceAfter, withPresence } from './judgement/grace-time-after-added-to-config.ts';
import { type Alert, type Incident, isOpen } from './judgement/incident.ts';
import { EMPTY_MEMORY, type Judgement } from './judgement/judgement-state.ts';
import type { Policy } from './judgement/policy.ts';
import { isoSeconds } from './judgement/round-name.ts';
import type { Verdict } from './judgement/vote-and-verdict-definitions.ts';

const PREFIX = 'vantage/';

/** The key of the judgement of a vantage among those of targets. A target id never contains a slash. */
export function vantageSubject(vantage: string): string {
  return PREFIX + vantage;
}

export function isVantageJudgement({ target }: Pick<Judgement, 'target'>): boolean {
  return target.startsWith(PREFIX);
}

function vantageOf(id: string): string {
  return id.slice(PREFIX.length);
}

/**
 * Computes the next judgement of a vantage: `unknown` while it is blind, otherwise `up`. If it is blind for `silence`
 * rounds, an incident opens. One alert of kind `blind` is sent at the beginning and one at the end, to the operators of the
 * monitor. A new vantage has additional time for its deployment, because the config names it before its stack exists.
 * Returns `previous` itself if nothing changed.
 *
 * @param reason Why it is blind, from `blindVantages`; null if it is not blind.
 * @param hasRounds Whether it recorded a recent round.
 */
export function judgeVantage(question: {
  readonly vantage: string;
  readonly previous: Judgement | null;
  readonly reason: string | null;
  readonly hasRounds: boolean;
  readonly policy: Policy;
  readonly now: number;
}): Judgement {
  const { vantage, previous, reason, policy, now } = question;
  const at = isoSeconds(now);
  const draft = draftOf(question, at);
  const isLasting = now - Date.parse(draft.since) >= policy.silence * policy.every + deploymentTime(draft.memory);
  const next =
    isLasting && isOpen(draft.incident) === (reason === null) ? changeIncident(draft, vantage, reason, at) : draft;
  return previous !== null && isSameJudgement(previous, next) ? previous : next;
}

/** The judgement with the current verdict. `since` restarts when a vantage enters the config or records its first round. */
function draftOf(
  { vantage, previous, reason, hasRounds }: Parameters<typeof judgeVantage>[0],
  at: string,
): JudgementDraft {
  const verdict: Verdict = reason === null ? 'up' : 'unknown';
  const unjudged = {
    target: vantageSubject(vantage),
    verdict,
    since: at,
    incident: null,
    owed: [],
    memory: EMPTY_MEMORY,
  };
  const before = toDraft(previous ?? unjudged);
  const { presence, isNew } = presenceAfter(previous, hasRounds);
  const memory = withPresence(EMPTY_MEMORY, presence);
  return before.verdict === verdict && !isNew ? { ...before, memory } : { ...before, verdict, since: at, memory };
}

/** Ends the judgement of a vantage that is no longer in the config, with an alert if an incident is open. Idempotent. */
export function withdrawVantage(judgement: Judgement, now: number): Judgement {
  const draft = toDraft(judgement);
  if (draft.memory.presence === 'gone') return judgement;
  const at = isoSeconds(now);
  const withdrawn: JudgementDraft = {
    ...draft,
    verdict: 'unknown',
    since: at,
    memory: { ...EMPTY_MEMORY, presence: 'gone' },
  };
  const { incident } = withdrawn;
  if (!isOpen(incident)) return withdrawn;
  const closed = { ...addTimelineLine(incident, at, WITHDRAWN), closed: at };
  const alert = { ...alertOf(closed, vantageOf(draft.target), null, at), reason: WITHDRAWN };
  return { ...withdrawn, incident: closed, owed: [...withdrawn.owed, { ...alert, is: 'unknown' }] };
}

const WITHDRAWN = 'withdrawn: the vantage is no longer in the config';
const NO_LONGER_BLIND = 'no longer blind';

/** Opens the incident of a blind vantage, or closes the incident of one that is no longer blind. */
function changeIncident(draft: JudgementDraft, vantage: string, reason: string | null, at: string): JudgementDraft {
  const incident = isOpen(draft.incident) ? closeIncident(draft.incident, at) : openIncident(draft, reason ?? '', at);
  return { ...draft, incident, owed: [...draft.owed, alertOf(incident, vantage, reason, at)] };
}

function openIncident({ target, since, incident: last }: JudgementDraft, reason: string, at: string): Incident {
  const opened = last?.closed != null && last.closed > since ? last.closed : since;
  const incident = {
    id: `${target}@${opened}`,
    target,
    opened,
    closed: null,
    verdict: 'unknown',
    witnesses: [],
  } as const;
  return addTimelineLine({ ...incident, timeline: [] }, at, reason);
}

function closeIncident(incident: Incident, at: string): Incident {
  return { ...addTimelineLine(incident, at, NO_LONGER_BLIND), closed: at };
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
    incident: incidentExcerpt(incident),
    votes: [],
    reason: reason ?? NO_LONGER_BLIND,
  };
}
