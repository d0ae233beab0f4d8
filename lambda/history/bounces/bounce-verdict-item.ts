/** Verdicts about bounces as the table keeps them, checked as they are read. */
import type {
  BounceEpisode,
  BounceVerdict,
  JudgedRate,
  StoredBounceVerdict,
} from '../../consensus/bounces/bounce-verdict.ts';
import { isAcknowledgement, isAlert } from '../packing/judgement-item.ts';
import { boundAlerts } from '../packing/shrink-judgement-to-fit-item.ts';
import type { Item } from '../table/table.ts';
import { isCount, isFields, isListOf, isText, isTextOrNull, isTime } from '../table/type-guards.ts';
import { must } from '../table/unreadable.ts';

/** Few pending alerts: older ones are one digest. */
export function fitBounceVerdict<Verdict extends BounceVerdict>(verdict: Verdict): Verdict {
  return { ...verdict, owed: boundAlerts(verdict.owed) };
}

/** @throws where it is none */
export function bounceVerdictOf({ pk: _pk, sk, written: _written, ...verdict }: Item): StoredBounceVerdict {
  const { domain, since, rates, episode, alerts, lastAlert, owed, version, isGone } = verdict;
  must(domain === sk && isText(domain), 'the domain');
  must(isTime(since), 'since');
  must(isListOf(rates, isJudgedRate), 'a rate');
  must(episode === null || isEpisode(episode), 'an episode');
  must(lastAlert === null || isTime(lastAlert), 'the last alert');
  must(isCount(alerts) && isCount(version), 'a count');
  must(isListOf(owed, isAlert), 'owed');
  must(isGone === undefined || isGone === true, 'a state');
  return verdict as unknown as StoredBounceVerdict;
}

function isJudgedRate(value: unknown): value is JudgedRate {
  if (!isFields(value)) return false;
  const { metric, provider, outcome, since, code } = value;
  return (
    (metric === 'bounces' || metric === 'complaints') &&
    isTextOrNull(provider) &&
    (outcome === 'warn' || outcome === 'fail') &&
    isTime(since) &&
    isTextOrNull(code)
  );
}

function isEpisode(value: unknown): value is BounceEpisode {
  if (!isFields(value)) return false;
  const { id, opened, acknowledged } = value;
  return isText(id) && isTime(opened) && (acknowledged === undefined || isAcknowledgement(acknowledged));
}
