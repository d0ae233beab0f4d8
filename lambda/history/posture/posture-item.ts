/** A posture state as an item. Empty texts are omitted. */
import type { PostureState, TrackedFinding } from '../../consensus/posture/posture-state.ts';
import type { RememberedPolicy } from '../../posture/remembered-policy.ts';
import type { Outcome } from '../../smtp/sample/sample.ts';
import { postureKey } from '../table/keys.ts';
import type { Item } from '../table/table.ts';
import { isFields, isListOf, isMapOf, isNumber, isText, isTextOrNull, isTime } from '../table/type-guards.ts';
import { must } from '../table/unreadable.ts';
import { fitPosture } from './fit-posture-item.ts';

/** Seconds: 13 months. */
const KEPT = 400 * 86_400;

export function postureItem(whole: PostureState): Item {
  const { domain, vantage, at, areas, findings, policies } = fitPosture(whole);
  const key = { pk: postureKey.pk(domain), sk: postureKey.sk(vantage, at) };
  const ttl = Math.floor(Date.parse(at) / 1000) + KEPT;
  return { ...key, ttl, areas, findings: findings.map(packFinding), ...(policies.length === 0 ? {} : { policies }) };
}

function packFinding(finding: TrackedFinding): object {
  const { area, code, subject, outcome, detail, since, ...rest } = finding;
  const { confirmed, gone, unknown, meaning, hint, rfc, publish, command, evidence } = rest;
  return {
    area,
    code,
    subject,
    outcome,
    detail,
    since,
    ...(confirmed ? { confirmed } : {}),
    ...(gone === null ? {} : { gone }),
    ...(unknown === null ? {} : { unknown }),
    ...(meaning === '' ? {} : { meaning }),
    ...(hint === null ? {} : { hint }),
    ...(rfc === '' ? {} : { rfc }),
    ...(publish.length === 0 ? {} : { publish }),
    ...(command === null ? {} : { command }),
    ...(evidence.length === 0 ? {} : { evidence }),
  };
}

/** @throws where it is none */
export function postureOf({ pk, sk, areas, findings, policies = [] }: Item): PostureState {
  const domain = pk.slice(postureKey.pk('').length);
  const [vantage = '', at = ''] = sk.split('#');
  must(isTime(at), 'the time');
  must(isMapOf(areas, isTime), 'areas');
  must(isListOf(findings, isFields), 'findings');
  must(isListOf(policies, isPolicy), 'policies');
  return {
    domain,
    vantage,
    at,
    areas: areas as PostureState['areas'],
    findings: findings.map(unpackFinding),
    policies,
  };
}

const OUTCOMES: ReadonlySet<unknown> = new Set<Outcome>(['pass', 'warn', 'fail', 'unable']);

function unpackFinding(value: Readonly<Record<string, unknown>>): TrackedFinding {
  const { area, code, subject, outcome, detail, since, confirmed = false, gone = null, unknown = null } = value;
  const { meaning = '', hint = null, rfc = '', publish = [], command = null, evidence = [] } = value;
  must([code, subject, detail, meaning, rfc].every(isText) && isText(area), 'a finding');
  must(OUTCOMES.has(outcome), 'the outcome of a finding');
  must(isTime(since) && [gone, unknown].every((time) => time === null || isTime(time)), 'a time of a finding');
  must(typeof confirmed === 'boolean' && isTextOrNull(hint) && isTextOrNull(command), 'a text of a finding');
  must(isListOf(publish, isText) && isListOf(evidence, isText), 'a list of a finding');
  const whole = { area, code, subject, outcome, detail, since, confirmed, gone, unknown };
  return { ...whole, meaning, hint, rfc, publish, command, evidence } as TrackedFinding;
}

function isPolicy(value: unknown): value is RememberedPolicy {
  if (!isFields(value)) return false;
  const { id, mode, mx, maxAge, lastSeen } = value;
  return isText(id) && isText(mode) && isListOf(mx, isText) && isNumber(maxAge) && isTime(lastSeen);
}
