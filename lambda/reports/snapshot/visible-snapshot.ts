/**
 * What of a snapshot may be published: the one place that leaves out what the config hides. Every file of the page is made from
 * what comes out of here.
 */

import { hidesNothing, type ShowRules, shownOf } from '../../config/page/status-page.ts';
import { applyRules, type FieldRules } from '../visibility/field-rules.ts';
import { visibleLine, visibleWord } from '../visibility/visible-line.ts';
import type {
  ChapterSnapshot,
  FindingSnapshot,
  HoldSnapshot,
  IncidentSnapshot,
  LastSample,
  PlannedSnapshot,
  Snapshot,
  StatementSnapshot,
  TargetSnapshot,
  TroubleSnapshot,
  VantageSnapshot,
  VotesSnapshot,
  WitnessSnapshot,
} from './snapshot.ts';

/** What a rule may ask. */
interface Page {
  readonly show: ShowRules;
  /** Nothing is hidden. */
  readonly isWhole: boolean;
  /** Whether a window or mute with this reason is about nothing that is hidden. */
  isVisibleReason(why: string): boolean;
  /** Domains with a target of which hosts are hidden. */
  isHiddenDomain(domain: string): boolean;
  /** Whether a text has the host of a target of which hosts are hidden. */
  namesHiddenHost(text: string): boolean;
}

export function visibleSnapshot(snapshot: Snapshot, show: ShowRules): Snapshot {
  return applyRules(snapshot, SNAPSHOT, pageOf(snapshot, show));
}

function pageOf({ targets, planned }: Snapshot, show: ShowRules): Page {
  const hidden = targets.filter(({ id }) => shownOf(show, id) !== 'full').flatMap(({ endpoint }) => hostOf(endpoint));
  const isHiddenDomain = (domain: string) => hidden.some((host) => host === domain || host.endsWith(`.${domain}`));
  const namesHiddenHost = (text: string) => hidden.some((host) => text.toLowerCase().includes(host));
  const isAllFull = ({ subjects, domains }: PlannedSnapshot) =>
    subjects.every((name) => shownOf(show, name) === 'full') &&
    domains.every((domain) => isFullDomain(domain, { show, isHiddenDomain }));
  const isWhole = hidesNothing(show);
  const reasons = new Set(planned.filter(isAllFull).map(({ why }) => why));
  const isVisibleReason = (why: string) => isWhole || (reasons.has(why) && !namesHiddenHost(why));
  return { show, isWhole, isHiddenDomain, namesHiddenHost, isVisibleReason };
}

function hostOf(endpoint: string | null): readonly string[] {
  if (endpoint === null) return [];
  const host = endpoint.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return [host.replace(/\.$/, '').toLowerCase()];
}

const SNAPSHOT: FieldRules<Snapshot, Page> = {
  at: 'keep',
  title: 'keep',
  url: 'keep',
  logo: 'keep',
  newestRound: 'keep',
  every: 'keep',
  vantages: (vantages, page) => vantages.map((vantage) => applyRules(vantage, VANTAGE, page)),
  targets: (targets, page) => targets.flatMap((target) => visiblePart(target, target.id, FULL_TARGET, TARGET, page)),
  incidents: (incidents, page) =>
    incidents.flatMap((incident) => visiblePart(incident, incident.target, FULL_INCIDENT, INCIDENT, page)),
  planned: (planned, page) => planned.flatMap((one) => visiblePlanned(one, page)),
  findings: (findings, page) => findings.filter((one) => isVisibleFinding(one, page)).map((one) => finding(one, page)),
  troubles: (troubles, page) => troubles.filter((one) => isVisibleTrouble(one, page)).map((one) => trouble(one, page)),
};

/** Why it is blind may name a host. Release and address help attackers, and no reader. */
const VANTAGE: FieldRules<VantageSnapshot, Page> = {
  vantage: 'keep',
  lastRound: 'keep',
  blind: 'keep',
  blindSince: 'keep',
  blindWhy: ifWhole,
  lag: 'keep',
  release: ifWhole,
  egress: ifWhole,
  rounds: 'keep',
};

function ifWhole(text: string | null, { isWhole }: Page): string | null {
  return isWhole ? text : null;
}

/** Of a target that is shown as `name` says, the second rules count. */
function visiblePart<Part extends object>(
  part: Part,
  name: string,
  full: FieldRules<Part, Page>,
  named: FieldRules<Part, Page>,
  page: Page,
): readonly Part[] {
  const shown = shownOf(page.show, name);
  switch (shown) {
    case 'full':
      return [applyRules(part, full, page)];
    case 'name':
      return [applyRules(part, named, page)];
    case 'none':
      return [];
    default:
      return shown satisfies never;
  }
}

const TARGET: FieldRules<TargetSnapshot, Page> = {
  id: 'keep',
  endpoint: () => null,
  tags: 'keep',
  verdict: 'keep',
  since: 'keep',
  incident: 'keep',
  days: 'keep',
  uptime: 'keep',
  unwatched: 'keep',
  uptimeOutsidePlanned: 'keep',
  held: (held, page) => held && visibleHold(held, page),
  last: (samples, page) => samples.map((sample) => applyRules(sample, SAMPLE, page)),
  latency: 'keep',
};

/** What holds a target may be about others. */
const FULL_TARGET: FieldRules<TargetSnapshot, Page> = {
  ...TARGET,
  endpoint: 'keep',
  last: 'keep',
};

const SAMPLE: FieldRules<LastSample, Page> = {
  vantage: 'keep',
  round: 'keep',
  outcome: 'keep',
  phase: visibleWord,
  code: visibleWord,
  reply: () => null,
  detail: () => null,
  transcript: () => [],
  total: 'keep',
  timings: 'keep',
  certificateExpires: 'keep',
};

const INCIDENT: FieldRules<IncidentSnapshot, Page> = {
  id: 'keep',
  target: 'keep',
  opened: 'keep',
  closed: 'keep',
  verdict: 'keep',
  acknowledged: (acknowledged) => acknowledged && { at: acknowledged.at, by: null },
  timeline: (lines) =>
    lines.flatMap(({ at, what }) => {
      const line = visibleLine(what);
      return line === null ? [] : [{ at, what: line }];
    }),
  first: ({ phase, code }) => ({ phase: visibleWord(phase), code: visibleWord(code) }),
  witnesses: (witnesses, page) => witnesses.map((witness) => applyRules(witness, WITNESS, page)),
  chapters: (chapters, page) => chapters.map((chapter) => applyRules(chapter, CHAPTER, page)),
  updated: 'keep',
  statements: (statements, page) => statements.map((statement) => applyRules(statement, STATEMENT, page)),
  alerts: () => null,
  votes: (votes, page) => votes && applyRules(votes, VOTES, page),
};

const FULL_INCIDENT: FieldRules<IncidentSnapshot, Page> = {
  ...INCIDENT,
  acknowledged: 'keep',
  timeline: 'keep',
  first: 'keep',
  witnesses: 'keep',
  chapters: 'keep',
  statements: 'keep',
  alerts: 'keep',
  votes: 'keep',
};

const WITNESS: FieldRules<WitnessSnapshot, Page> = {
  vantage: 'keep',
  from: 'keep',
  to: 'keep',
  phase: visibleWord,
  code: visibleWord,
  reply: () => null,
  detail: () => null,
  transcript: () => [],
};

const CHAPTER: FieldRules<ChapterSnapshot, Page> = {
  number: 'keep',
  from: 'keep',
  to: 'keep',
  phase: visibleWord,
  code: visibleWord,
  witnesses: (witnesses, page) => witnesses.map((witness) => applyRules(witness, WITNESS, page)),
};

/** Their text is written for readers. */
const STATEMENT: FieldRules<StatementSnapshot, Page> = {
  number: 'keep',
  at: 'keep',
  by: () => null,
  state: 'keep',
  text: 'keep',
};

const VOTES: FieldRules<VotesSnapshot, Page> = {
  vantages: 'keep',
  moments: 'keep',
  gap: 'keep',
};

/** The name of a window is chosen in the config, as the id of a target is. Reasons are for those who have alerts. */
const PLANNED: FieldRules<PlannedSnapshot, Page> = {
  id: 'keep',
  kind: 'keep',
  state: 'keep',
  name: 'keep',
  why: (why, { isVisibleReason }) => (why !== null && isVisibleReason(why) ? why : null),
  from: 'keep',
  until: 'keep',
  subjects: (subjects, { show }) => subjects.filter((name) => shownOf(show, name) !== 'none'),
  domains: (domains, page) => domains.filter((domain) => isFullDomain(domain, page)),
};

/** One that is about nothing on the page is not on it. */
function visiblePlanned(planned: PlannedSnapshot, page: Page): readonly PlannedSnapshot[] {
  const visible = applyRules(planned, PLANNED, page);
  return visible.subjects.length + visible.domains.length === 0 ? [] : [visible];
}

function visibleHold(held: HoldSnapshot, page: Page): HoldSnapshot {
  return applyRules(
    held,
    { why: 'keep', what: (what) => visibleCause(what, held, page), since: 'keep', until: 'keep' },
    page,
  );
}

function visibleCause(what: string | null, { why }: HoldSnapshot, { show, isVisibleReason }: Page): string | null {
  switch (why) {
    case 'window':
      return what;
    case 'mute':
      return what !== null && isVisibleReason(what) ? what : null;
    case 'behind':
      return what !== null && shownOf(show, what) !== 'none' ? what : null;
    default:
      return why satisfies never;
  }
}

/** A domain is its host name, its addresses and its records: it is shown in full or not at all. */
function isFullDomain(domain: string, { show, isHiddenDomain }: Pick<Page, 'show' | 'isHiddenDomain'>): boolean {
  return shownOf(show, domain) === 'full' && !isHiddenDomain(domain);
}

/** The host of a mail server may be in another domain than that whose mail it takes. */
function isVisibleFinding({ domain, subject }: FindingSnapshot, page: Page): boolean {
  return isFullDomain(domain, page) && !page.namesHiddenHost(subject);
}

function finding(one: FindingSnapshot, page: Page): FindingSnapshot {
  const rules: FieldRules<FindingSnapshot, Page> = {
    domain: 'keep',
    kind: 'keep',
    code: 'keep',
    subject: 'keep',
    since: 'keep',
    acknowledged: 'keep',
  };
  return applyRules(one, rules, page);
}

/** A round trip has a name as a target has; bounces are those of a domain. */
function isVisibleTrouble({ kind, subject }: TroubleSnapshot, page: Page): boolean {
  return kind === 'trip' ? shownOf(page.show, subject) !== 'none' : isFullDomain(subject, page);
}

function trouble(one: TroubleSnapshot, page: Page): TroubleSnapshot {
  const isFull = shownOf(page.show, one.subject) === 'full';
  const rules: FieldRules<TroubleSnapshot, Page> = {
    kind: 'keep',
    subject: 'keep',
    what: (what) => (isFull ? what : what.flatMap((code) => visibleWord(code) ?? [])),
    since: 'keep',
  };
  return applyRules(one, rules, page);
}
