import type { SentMessage } from '../../lambda/alert/channels/sender.ts';
import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import type { Policy } from '../../lambda/consensus/judgement/policy.ts';
import type { StoredJudgement } from '../../lambda/history/history.ts';
import type { Item } from '../../lambda/history/table/table.ts';
import type { ActualState } from './actual-state.ts';
import { checkChapters } from './chapter-checks.ts';
import { checkDeliveries } from './delivery-checks.ts';
import type { Greylisting } from './greylisting.ts';
import type { Invocation } from './invocation.ts';
import { boundOpinions } from './opinion-bound.ts';
import { recordRounds } from './recorded-rounds.ts';
import type { Result } from './simulate.ts';
import type { StarttlsStripping } from './starttls-stripping.ts';
import type { Clock } from './virtual-clock.ts';

const MINUTE = 60_000;
/** Maximum time until an outage and its end are reported, in milliseconds. */
const BOUND = 6 * MINUTE;
/** After this time no vantage votes `up` for a target that is down: each saw it, or its votes are too old. */
const RECOVERY_ENDS = 4 * MINUTE;
/** A target that flaps and is down for this long without a break is paged. */
const STEADY_DOWN = 5 * MINUTE;
/** How many violations are kept. Later ones usually repeat the first. */
const MOST_VIOLATIONS = 20;

/** Checks the promises of the product at every step of the simulation. */
export interface PromiseChecks {
  readonly violations: readonly string[];
  /** Before each write. */
  written(before: Item | null, after: Item): void;
  /** After a judge that began at this time ended without a fault. */
  judged(began: number): void;
  /** After the write of samples of a round was acknowledged to a probe function. */
  acknowledged(vantage: string, round: string, targets: readonly string[]): void;
  /** After a simulated fault. */
  struck(): void;
  /** After SNS rejected an alert. */
  refused(alert: Alert): void;
  /** After a receiver accepted a message. */
  accepted(channel: string, message: SentMessage, sender: Invocation): void;
  tick(): void;
  /** Checks the state at the end. */
  closed(): Omit<Result, 'rounds'>;
}

interface Setup {
  readonly clock: Clock;
  readonly policy: Policy;
  readonly targets: readonly string[];
  readonly state: ActualState;
  readonly stripping: StarttlsStripping;
  readonly greylisting: Greylisting;
  /** The first one is the topic: its messages are those that page. */
  readonly channels: readonly string[];
}

export function checkPromises(setup: Setup): PromiseChecks {
  const { clock, policy, targets, state, stripping, greylisting, channels } = setup;
  const recordedRounds = recordRounds(clock, policy, targets, state);
  const opinions = boundOpinions(clock, state, policy.vantages, targets);
  const chapters = checkChapters();
  const violations: string[] = [];
  const stored = new Map<string, StoredJudgement>();
  const subjectOf = new Map<string, string>();
  /** The last accepted alert of each subject. */
  const lastAlerts = new Map<string, Alert>();
  const outages = new Map<string, { readonly paged: number | null }>();

  const violated = (what: string) => {
    if (violations.length < MOST_VIOLATIONS) violations.push(`${new Date(clock.now()).toISOString()} ${what}`);
  };

  const deliveries = checkDeliveries({ clock, channels, violated });

  const rejudged = (before: StoredJudgement | null, after: StoredJudgement) => {
    const { target } = after;
    if (after.version !== (before?.version ?? 0) + 1)
      violated(`${target}: version ${before?.version} became ${after.version}`);
    if (after.verdict === 'down' && before?.verdict !== 'down' && !recordedRounds.hasQuorum(target))
      violated(`${target}: down without a quorum: ${recordedRounds.describe(target)}; voted ${votesOf(after)}`);
    if (isOpen(before) && before?.incident?.id !== after.incident?.id)
      violated(`${target}: a second incident while one was open`);
    const pending = new Set(after.owed.map(({ id }) => id));
    const folded = new Set(after.owed.flatMap(({ digest }) => digest?.ids ?? []));
    for (const { id } of before?.owed ?? [])
      if (!pending.has(id) && !folded.has(id) && !deliveries.isMade(id))
        violated(`${id}: removed before its deliveries were made`);
    const had = new Set((before?.owed ?? []).map(({ id }) => id));
    const added = after.owed.filter(({ id }) => !had.has(id));
    if ((before?.memory?.told ?? 'up') !== after.memory?.told && added.length === 0)
      violated(`${target}: a change without an alert`);
    for (const { id } of added) addPending(target, id);
    const down = state.downSince(target);
    if (down !== null && clock.now() - down > RECOVERY_ENDS && added.some(({ kind }) => kind === 'recovered'))
      violated(`${target}: recovered during an outage: ${recordedRounds.describe(target)}`);
    for (const wrong of chapters.check(before, after)) violated(`${target}: ${wrong}`);
    stored.set(target, after);
  };

  const addPending = (target: string, id: string) => {
    if (subjectOf.has(id)) violated(`${id}: the id of an alert was used again`);
    subjectOf.set(id, target);
  };

  const recorded = (before: Item | null, after: Item) => {
    if (before !== null && !extendsRound(before, after))
      violated(`${after.pk} ${after.sk}: a recorded round was overwritten`);
    const { vantage, samples } = recordedRounds.stored(after, before);
    for (const [target, { outcome }] of samples)
      if (outcome === 'fail') opinions.failed(vantage, target, isBadNews(lastAlerts.get(target)));
  };

  const checkOpinions = (target: string) => {
    // Who joins a group is told in its digest. The first one of the group is not late.
    const isTold = isBadNews(lastAlerts.get(target)) || deliveries.isGrouped(channels[0] ?? '', target);
    const late = opinions.check(target, isTold);
    if (late !== null) violated(`${target}: ${late}: ${recordedRounds.describe(target)}`);
  };

  /** How often SNS rejected each alert. It is sent again in the next round. */
  const refusals = new Map<string, number>();
  const retryTime = ({ incident }: StoredJudgement) =>
    [...refusals].reduce((sum, [id, count]) => sum + (id.startsWith(`${incident?.id}#`) ? count : 0), 0) * MINUTE;

  const checkOutage = (target: string) => {
    const since = state.downSince(target);
    if (since === null) return;
    const key = `${target} ${since}`;
    const lastAlert = lastAlerts.get(target);
    const outage = outages.get(key) ?? { paged: null };
    const paged = outage.paged ?? (isBadNews(lastAlert) ? clock.now() - since : null);
    outages.set(key, { paged });
    const judged = stored.get(target);
    const allowed = BOUND + (judged === undefined ? 0 : retryTime(judged));
    if (paged === null && clock.now() - Math.max(since, state.calmSince()) > allowed) {
      violated(`${target}: an outage of ${Math.round((clock.now() - since) / MINUTE)} minutes is not reported`);
      outages.set(key, { paged: Number.POSITIVE_INFINITY });
    }
  };

  const lastQuorum = new Map<string, number>();
  const checkRecovery = (target: string) => {
    const [up, ended] = [state.upSince(target), greylisting.endedAt(target)];
    const judged = stored.get(target);
    if (recordedRounds.hasQuorum(target)) lastQuorum.set(target, clock.now());
    if (up === null || ended === null || judged === undefined) return;
    const since = Math.max(up, ended);
    // With a broken link, two lost probes may make a quorum again, so the time also runs from the last verdict. Changes of
    // the verdict without a quorum do not extend it.
    const calm = Math.max(since, state.calmSince());
    const sinceVerdict = clock.now() - Math.max(calm, Date.parse(judged.since));
    const sinceQuorum = clock.now() - Math.max(calm, lastQuorum.get(target) ?? 0);
    if (sinceVerdict < BOUND && sinceQuorum < 2 * BOUND) return;
    const lastAlert = lastAlerts.get(target);
    if (judged.verdict === 'down')
      violated(
        `${target}: still down ${BOUND / MINUTE} minutes after it recovered: ${recordedRounds.describe(target)}`,
      );
    else if (lastAlert?.is === 'down' && lastAlert.kind !== 'flapping' && sinceVerdict > BOUND + retryTime(judged))
      violated(`${target}: its recovery is not reported`);
  };

  /** An alert of flapping is no page. The judge has the same bound for it as for an outage. */
  const checkSteadyDown = (target: string) => {
    const judged = stored.get(target);
    if (judged?.verdict !== 'down' || lastAlerts.get(target)?.kind !== 'flapping') return;
    const down = clock.now() - Math.max(Date.parse(judged.since), state.calmSince());
    if (down > STEADY_DOWN + BOUND + retryTime(judged))
      violated(`${target}: down for ${Math.round(down / MINUTE)} minutes, and reported as flapping only`);
  };

  const checkChange = (alert: Alert) => {
    const wrong = stripping.check(alert);
    if (wrong !== null) violated(`${alert.id}: ${wrong}: ${alert.reason}`);
  };

  const checkChanges = (target: string) => {
    const overdue = stripping.overdue(target);
    if (overdue !== null) violated(`${target}: ${overdue}`);
  };

  const checkGreylisting = (target: string) => {
    const judged = stored.get(target);
    const delay = judged === undefined ? 0 : retryTime(judged);
    const overdue = greylisting.overdue(target, isBadNews(lastAlerts.get(target)), delay);
    if (overdue !== null) violated(`${target}: ${overdue}: ${recordedRounds.describe(target)}`);
  };

  const checkRest = (target: string, judgement: StoredJudgement | undefined) => {
    if (judgement?.verdict !== 'up' || isOpen(judgement))
      violated(`${target}: not up at the end: ${judgement?.verdict}`);
    if (judgement && judgement.owed.length > 0)
      violated(`${target}: ${judgement.owed.length} alerts still pending at the end`);
    const lastAlert = lastAlerts.get(target);
    if (lastAlert && lastAlert.is !== 'up') violated(`${target}: the last alert at the end is ${lastAlert.kind}`);
  };

  /** After the topic accepted an alert for the first time. */
  const told = (alert: Alert) => {
    const target = subjectOf.get(alert.id);
    if (target === undefined) return violated(`${alert.id}: sent, but never pending`);
    if (alert.kind === 'update' && !isBadNews(lastAlerts.get(target)))
      violated(`${alert.id}: an update of an incident that was not reported`);
    if (alert.kind === 'changed') checkChange(alert);
    else lastAlerts.set(target, alert);
    if (!targets.includes(target)) return;
    checkOutage(target);
    for (const each of targets) checkOpinions(each);
  };

  return {
    violations,
    written(before, after) {
      if (after.pk === 'verdicts') rejudged(before as StoredJudgement | null, after as unknown as StoredJudgement);
      else if (after.pk.startsWith('round#')) recorded(before, after);
      else if (after.sk.startsWith('chapter#')) chapters.stored(after);
      else if (after.pk.startsWith('delivery#')) {
        deliveries.written(before, after);
        const { subject } = after.alert as Alert;
        if (before === null && targets.includes(subject)) checkOpinions(subject);
      }
    },
    judged(began) {
      for (const target of targets) {
        const verdict = stored.get(target)?.verdict;
        if (verdict !== 'unknown' && recordedRounds.lacksVoters(target, began))
          violated(`${target}: ${verdict} with too few voters: ${recordedRounds.describe(target)}`);
      }
    },
    acknowledged(vantage, round, written) {
      for (const target of written)
        if (!recordedRounds.has(vantage, round, target))
          violated(`${vantage} ${round} ${target}: acknowledged, but not recorded`);
    },
    struck: opinions.struck,
    refused({ id }) {
      opinions.struck();
      refusals.set(id, (refusals.get(id) ?? 0) + 1);
    },
    accepted(channel, message, sender) {
      const alerts = deliveries.accepted(channel, message, sender);
      if (channel !== channels[0]) return;
      for (const alert of alerts) if (alert.kind !== 'undelivered') told(alert);
    },
    tick() {
      for (const target of targets) {
        checkOutage(target);
        checkOpinions(target);
        checkRecovery(target);
        checkSteadyDown(target);
        checkChanges(target);
        checkGreylisting(target);
      }
    },
    closed() {
      deliveries.closed();
      for (const target of new Set([...targets, ...stored.keys()])) checkRest(target, stored.get(target));
      const delays = [...outages.values()].flatMap(({ paged }) => (paged === null ? [] : [paged]));
      const pages = [...subjectOf.keys()].filter((id) => id.endsWith('-down')).length;
      return { violations, outages: outages.size, pages, delays, opinionDelays: opinions.delays };
    },
  };
}

/** Whether the write added samples to a round, and left those that it had. */
function extendsRound(before: Item, after: Item): boolean {
  const [had, has] = [before, after].map(({ parts }) => (parts ?? []) as readonly string[]) as [string[], string[]];
  return before.samples === after.samples && had.every((part, at) => has[at] === part) && has.length > had.length;
}

function votesOf({ owed }: StoredJudgement): string {
  return (owed.at(-1)?.votes ?? []).map(({ vantage, vote, why }) => `${vantage} ${vote} (${why})`).join(', ');
}

function isOpen(judgement: StoredJudgement | null | undefined): boolean {
  return judgement?.incident != null && judgement.incident.closed === null;
}

/** Whether an alert reports an outage. With too few voters `unknown` is reported instead. */
function isBadNews(alert: Alert | undefined): boolean {
  return alert?.kind === 'unknown' || alert?.kind === 'flapping' || (alert?.is === 'down' && alert.kind !== 'blind');
}
