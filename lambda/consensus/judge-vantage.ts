import { addTimelineLine, incidentExcerpt } from './incident/evidence.ts';
import { isSameJudgement, type JudgementDraft, toDraft } from './judgement/draft.ts';
import { type Alert, type Incident, isOpen } from './judgement/incident.ts';
import { EMPTY_MEMORY, type Judgement, type Memory } from './judgement/judgement.ts';
import type { Policy } from './judgement/policy.ts';
import { isoSeconds } from './judgement/round-name.ts';
import type { Verdict } from './judgement/verdict.ts';

const PREFIX = 'vantage/';

/** What the judgement of a vantage is kept under, beside those of targets: no target id has a slash. */
export function vantageSubject(vantage: string): string {
  return PREFIX + vantage;
}

export function isVantageJudgement({ target }: Pick<Judgement, 'target'>): boolean {
  return target.startsWith(PREFIX);
}

function vantageOf(id: string): string {
  return id.slice(PREFIX.length);
}

/** How long a vantage that is new to the config may take to be deployed before its silence is told. Milliseconds. */
const DEPLOYMENT_TIME = 30 * 60_000;

/**
 * The next judgement of a vantage as a watcher: `up` while it sees, `unknown` while it is blind. Blindness that lasts
 * `silence` rounds is an incident of its own, told once when it begins and once when it is over, as alerts of kind `blind`
 * to the operators of the monitor. A vantage that never recorded a round is awaited first: the config knows it before its
 * stack is there. Returns `previous` itself when nothing changed.
 *
 * @param reason Why it is blind, of `blindVantages`; null while it sees.
 * @param heard Whether it recorded any round lately.
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
  const isAwaited = draft.memory.presence === 'awaited';
  const isLasting = now - Date.parse(draft.since) >= policy.silence * policy.every + (isAwaited ? DEPLOYMENT_TIME : 0);
  const next =
    isLasting && isOpen(draft.incident) === (reason === null) ? changeIncident(draft, vantage, reason, at) : draft;
  return previous !== null && isSameJudgement(previous, next) ? previous : next;
}

/** With the present verdict, since it changed; whoever came into the config, or spoke for the first time, begins anew. */
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
  const was = previous === null ? 'gone' : before.memory.presence;
  const isNew = was === 'gone' || (was === 'awaited' && hasRounds);
  const isAwaited = was !== undefined && !hasRounds;
  const memory: Memory = isAwaited ? { ...EMPTY_MEMORY, presence: 'awaited' } : EMPTY_MEMORY;
  return before.verdict === verdict && !isNew ? { ...before, memory } : { ...before, verdict, since: at, memory };
}

/** The vantage left the config: who was told that it is blind is told the end. The same judgement where it is gone already. */
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

/** Opens the incident of a blind vantage, or closes that of one that sees again. */
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
  return { ...addTimelineLine(incident, at, 'sees again'), closed: at };
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
    reason: reason ?? 'sees again',
  };
}
