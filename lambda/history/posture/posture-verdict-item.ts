/** Posture verdicts as the table keeps them, checked as they are read. */
import type {
  JudgedFinding,
  PostureEpisode,
  PostureVerdict,
  StoredPostureVerdict,
} from '../../consensus/posture/posture-verdict.ts';
import { isAlert } from '../packing/judgement-item.ts';
import { boundAlerts } from '../packing/shrink-judgement-to-fit-item.ts';
import type { Item } from '../table/table.ts';
import { isCount, isFields, isListOf, isMapOf, isText, isTime } from '../table/type-guards.ts';
import { must } from '../table/unreadable.ts';

const KINDS: ReadonlySet<unknown> = new Set<JudgedFinding['kind']>(['listed', 'posture']);
const STATES: ReadonlySet<unknown> = new Set<JudgedFinding['state']>(['told', 'over', 'ignored']);

/** Few pending alerts: older ones are one digest. Texts of findings have few characters. */
export function fitVerdict<Verdict extends PostureVerdict>(verdict: Verdict): Verdict {
  const findings = verdict.findings.map((finding) => ({
    ...finding,
    subject: finding.subject.slice(0, 400),
    detail: finding.detail.slice(0, 400),
  }));
  return { ...verdict, findings, owed: boundAlerts(verdict.owed) };
}

/** @throws where it is none */
export function postureVerdictOf({ pk: _pk, sk, written: _written, ...verdict }: Item): StoredPostureVerdict {
  const { domain, since, findings, episodes, undecided, alerts, lastAlert, owed, version, isGone } = verdict;
  must(domain === sk && isText(domain), 'the domain');
  must(isTime(since), 'since');
  must(isListOf(findings, isJudgedFinding), 'a finding');
  must(isMapOf(episodes, isEpisode), 'an episode');
  must(typeof undecided === 'boolean' && (isGone === undefined || isGone === true), 'a state');
  must(lastAlert === null || isTime(lastAlert), 'the last alert');
  must(isCount(alerts) && isCount(version), 'a count');
  must(isListOf(owed, isAlert), 'owed');
  return verdict as unknown as StoredPostureVerdict;
}

function isJudgedFinding(value: unknown): value is JudgedFinding {
  if (!isFields(value)) return false;
  const { kind, area, code, subject, detail, since, state, turned, isPresent, tellings, flapping, ignored } = value;
  return (
    KINDS.has(kind) &&
    STATES.has(state) &&
    [area, code, subject, detail].every(isText) &&
    [since, turned].every(isTime) &&
    isListOf(tellings, isTime) &&
    [isPresent, flapping].every((is) => typeof is === 'boolean') &&
    (ignored === undefined || (isFields(ignored) && isText(ignored.until) && isText(ignored.reason)))
  );
}

function isEpisode(value: unknown): value is PostureEpisode {
  if (!isFields(value)) return false;
  const { id, opened, lastTold, acknowledged } = value;
  const isKnown =
    acknowledged === undefined || (isFields(acknowledged) && isTime(acknowledged.at) && isText(acknowledged.by));
  return isText(id) && isTime(opened) && isTime(lastTold) && isKnown;
}
