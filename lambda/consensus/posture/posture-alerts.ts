/** The alerts that are due for a domain. */
import { alertTime } from '../judgement/alert-time.ts';
import type { Alert, AlertKind, Incident } from '../judgement/incident.ts';
import type { PostureNews, PostureWarning, ToldFinding } from '../news/posture-news.ts';
import type { JudgedStep } from './judge-finding.ts';
import type { PosturePolicy } from './posture-policy.ts';
import { POSTURE_KINDS, type PostureEpisode, type PostureKind, type PostureVerdict } from './posture-verdict.ts';
import type { PostureVote } from './posture-vote.ts';

/** What an alert has room for. */
const MOST = { findings: 8, warnings: 5, lines: 6, characters: 300, record: 2048 } as const;

const END: Readonly<Record<PostureKind, AlertKind>> = { listed: 'delisted', posture: 'posture-over' };

interface Pass {
  readonly before: PostureVerdict;
  readonly steps: readonly JudgedStep[];
  readonly warnings: readonly PostureWarning[];
  readonly policy: PosturePolicy;
  readonly now: number;
  readonly at: string;
  readonly undecided: boolean;
}

/** The verdict after a pass, with one alert for each kind that has something new, and one for each that has an end. */
export function addNews(pass: Pass): PostureVerdict {
  const { before, steps, undecided } = pass;
  const { domain, since, episodes, alerts, lastAlert, owed } = before;
  const findings = steps.map(({ finding }) => finding);
  return POSTURE_KINDS.reduce<PostureVerdict>((verdict, kind) => addKind(verdict, kind, pass), {
    ...{ domain, since, findings, episodes, undecided, alerts, lastAlert, owed },
  });
}

function addKind(verdict: PostureVerdict, kind: PostureKind, pass: Pass): PostureVerdict {
  const own = pass.steps.filter(({ finding }) => finding.kind === kind);
  const [told, over] = (['told', 'over'] as const).map((news) => own.filter((step) => step.news === news)) as [
    JudgedStep[],
    JudgedStep[],
  ];
  const open = own.filter(({ finding }) => finding.state === 'told');
  const ended = over.length === 0 ? verdict : addEnd(verdict, kind, over, open.length, pass);
  if (open.length === 0) return withEpisode(ended, kind, null);
  if (told.length > 0) return addTold(ended, kind, told, pass);
  return isReminderDue(ended.episodes[kind], pass) ? addReminder(ended, kind, open, pass) : ended;
}

function addTold(verdict: PostureVerdict, kind: PostureKind, told: readonly JudgedStep[], pass: Pass): PostureVerdict {
  const [first = pass.at] = told.map(({ finding }) => finding.since).sort();
  const { id, opened } = verdict.episodes[kind] ?? { id: `${verdict.domain}/${kind}@${first}`, opened: first };
  const episode: PostureEpisode = { id, opened, lastTold: pass.at };
  const news = newsOf(told, pass.warnings);
  return withEpisode(
    addAlert(verdict, { kind, episode, closed: null, steps: told, news, reason: toldReason(told), at: pass.at }),
    kind,
    episode,
  );
}

function addReminder(
  verdict: PostureVerdict,
  kind: PostureKind,
  open: readonly JudgedStep[],
  pass: Pass,
): PostureVerdict {
  const before = verdict.episodes[kind];
  if (before === undefined) return verdict;
  const episode = { ...before, lastTold: pass.at };
  const news = { ...newsOf(open, pass.warnings), isReminder: true } as const;
  return withEpisode(
    addAlert(verdict, { kind, episode, closed: null, steps: open, news, reason: 'it is still there', at: pass.at }),
    kind,
    episode,
  );
}

function addEnd(
  verdict: PostureVerdict,
  kind: PostureKind,
  over: readonly JudgedStep[],
  left: number,
  { at }: Pick<Pass, 'at'>,
  why?: string,
): PostureVerdict {
  const [first = at] = over.map(({ finding }) => finding.since).sort();
  const episode = verdict.episodes[kind] ?? { id: `${verdict.domain}/${kind}@${first}`, opened: first, lastTold: at };
  const reason =
    why ??
    `${votersOf(over)} no longer ${haveText(over)} it, in two runs each${left > 0 ? `; ${left} of this kind left` : ''}`;
  return addAlert(verdict, {
    kind: END[kind],
    episode,
    closed: left > 0 ? null : at,
    steps: over,
    news: newsOf(over, []),
    reason,
    at,
  });
}

/** Acknowledged findings are not repeated. */
function isReminderDue(episode: PostureEpisode | undefined, { policy, now }: Pass): boolean {
  if (episode === undefined || episode.acknowledged !== undefined || policy.reminder === null) return false;
  return now - Date.parse(episode.lastTold) >= policy.reminder;
}

function withEpisode(verdict: PostureVerdict, kind: PostureKind, episode: PostureEpisode | null): PostureVerdict {
  const { [kind]: _, ...others } = verdict.episodes;
  return { ...verdict, episodes: episode === null ? others : { ...others, [kind]: episode } };
}

interface DueNews {
  readonly kind: AlertKind;
  readonly episode: PostureEpisode;
  readonly closed: string | null;
  readonly steps: readonly JudgedStep[];
  readonly news: PostureNews;
  readonly reason: string;
  readonly at: string;
}

function addAlert(verdict: PostureVerdict, due: DueNews): PostureVerdict {
  const { kind, episode, closed, steps, news, reason } = due;
  const { domain, alerts, owed } = verdict;
  const at = alertTime(verdict.lastAlert, due.at);
  const incident: Incident = {
    ...{ id: episode.id, target: domain, opened: episode.opened, closed },
    ...{ verdict: 'degraded', witnesses: [], timeline: [] },
  };
  const isEnd = kind === 'delisted' || kind === 'posture-over';
  const alert: Alert = {
    ...{ id: `${episode.id}#${alerts + 1}-${kind}`, kind, subject: domain, at },
    was: isEnd || news.isReminder ? 'degraded' : 'up',
    is: closed === null ? 'degraded' : 'up',
    incident,
    votes: (steps[0]?.votes ?? []).map(voteInAlert),
    reason,
    posture: news,
  };
  return { ...verdict, alerts: alerts + 1, lastAlert: at, owed: [...owed, alert] };
}

const VOTES = { present: 'down', absent: 'up', unsure: 'abstain', abstain: 'abstain' } as const;

function voteInAlert({ vantage, vote, why }: PostureVote): Alert['votes'][number] {
  return { vantage, vote: VOTES[vote], why };
}

function toldReason(told: readonly JudgedStep[]): string {
  const flapping = told.some(({ finding }) => finding.flapping);
  return [
    `${votersOf(told)} ${haveText(told)} it, in two runs each`,
    ...told
      .flatMap(({ ignored }) =>
        ignored === undefined ? [] : [`it was ignored until ${ignored.until} (${cut(ignored.reason)})`],
      )
      .slice(0, 1),
    ...(flapping ? ['it comes and goes: its changes are not told until it has been the same for 6 hours'] : []),
  ].join('; ');
}

/** `2 of 2 vantages`; those that could not be asked do not count. */
function votersOf(steps: readonly JudgedStep[]): string {
  const votes = steps[0]?.votes ?? [];
  return `${votes.filter(isCast).length} of ${votes.length} ${votes.length === 1 ? 'vantage' : 'vantages'}`;
}

function haveText([first]: readonly JudgedStep[]): string {
  return first?.votes.filter(isCast).length === 1 ? 'has' : 'have';
}

function isCast({ vote }: PostureVote): boolean {
  return vote === 'present' || vote === 'absent';
}

function newsOf(steps: readonly JudgedStep[], warnings: readonly PostureWarning[]): PostureNews {
  return {
    findings: steps.slice(0, MOST.findings).map(toldFinding),
    more: Math.max(0, steps.length - MOST.findings),
    warnings: warnings.slice(0, MOST.warnings).map(({ code, subject, detail }) => {
      return { code, subject: cut(subject), detail: cut(detail) };
    }),
  };
}

/** With the words of a vantage that sees it now, if one does. */
function toldFinding({ finding, votes }: JudgedStep): ToldFinding {
  const { area, code, subject, detail, since } = finding;
  const seen =
    votes.find((vote) => vote.vote === 'present')?.seen ?? votes.find((vote) => vote.seen !== null)?.seen ?? null;
  return {
    ...{ area, code, subject: cut(subject), detail: cut(detail), since },
    vantages: votes
      .filter(({ vote }) => vote === (finding.isPresent ? 'present' : 'absent'))
      .map(({ vantage }) => vantage),
    meaning: cut(seen?.meaning ?? ''),
    hint: seen?.hint == null ? null : cut(seen.hint),
    rfc: seen?.rfc ?? '',
    evidence: (seen?.evidence ?? []).slice(0, MOST.lines).map(cut),
    // Half of a record must not be published.
    publish: (seen?.publish ?? []).filter((record) => record.length <= MOST.record).slice(0, MOST.lines),
    command: seen?.command == null ? null : cut(seen.command),
  };
}

function cut(text: string): string {
  return text.length <= MOST.characters ? text : `${text.slice(0, MOST.characters - 1)}…`;
}

const WITHDRAWN = 'withdrawn: the domain is no longer in the config';

/** What is open ends with the domain. */
export function withdrawalNews(verdict: PostureVerdict, at: string): PostureVerdict {
  const ended = POSTURE_KINDS.reduce((next, kind) => {
    const open = verdict.findings.filter((finding) => finding.kind === kind && finding.state === 'told');
    const steps = open.map((finding): JudgedStep => ({ finding, news: 'over', votes: [] }));
    return steps.length === 0 ? next : addEnd(next, kind, steps, 0, { at }, WITHDRAWN);
  }, verdict);
  return { ...ended, findings: [], episodes: {}, undecided: false, isGone: true };
}
