import type { Alert } from '../../lambda/consensus/judgement/incident.ts';
import type { Policy } from '../../lambda/consensus/judgement/policy.ts';
import type { StoredJudgement } from '../../lambda/history/history.ts';
import type { Item } from '../../lambda/history/table/table.ts';
import type { Truth } from './actual-state.ts';
import type { Invocation } from './invocation.ts';
import { openArchive } from './recorded-rounds.ts';
import type { Outcome } from './simulate.ts';
import type { Stripping } from './starttls-stripping.ts';
import type { Clock } from './virtual-clock.ts';

const MINUTE = 60_000;
/** An outage is paged, and its end told, so long after it at the latest; milliseconds. */
const BOUND = 6 * MINUTE;
/** A simulation that goes wrong goes wrong again and again: the first few are enough to read. */
const KEPT = 20;

/** What is promised, checked against what happens at every step of the world. */
export interface Ledger {
  readonly violations: readonly string[];
  /** A write is about to take place. */
  written(before: Item | null, after: Item): void;
  /** A judge that began at this time came to its end, and nothing went wrong for it. */
  judged(began: number): void;
  /** A probe function was told that its round is recorded. */
  acknowledged(vantage: string, round: string): void;
  /** SNS did not take an alert. */
  refused(alert: Alert): void;
  /** SNS took an alert. */
  told(alert: Alert, teller: Invocation): void;
  tick(): void;
  /** Checks what must hold at the end. */
  closed(): Omit<Outcome, 'rounds'>;
}

interface Stage {
  readonly clock: Clock;
  readonly policy: Policy;
  readonly targets: readonly string[];
  readonly truth: Truth;
  readonly stripping: Stripping;
}

export function openLedger({ clock, policy, targets, truth, stripping }: Stage): Ledger {
  const archive = openArchive(clock, policy, targets, truth);
  const violations: string[] = [];
  const stored = new Map<string, StoredJudgement>();
  /** Ids of the alerts of a judgement in the order they came to be owed. */
  const owedOrder = new Map<string, string[]>();
  const subjectOf = new Map<string, string>();
  const tellers = new Map<string, Invocation>();
  /** The last alert people heard of a subject. */
  const belief = new Map<string, Alert>();
  const outages = new Map<string, { readonly paged: number | null }>();

  const violated = (what: string) => {
    if (violations.length < KEPT) violations.push(`${new Date(clock.now()).toISOString()} ${what}`);
  };

  const rejudged = (before: StoredJudgement | null, after: StoredJudgement) => {
    const { target } = after;
    if (after.version !== (before?.version ?? 0) + 1)
      violated(`${target}: version ${before?.version} became ${after.version}`);
    if (after.verdict === 'down' && before?.verdict !== 'down' && !archive.hasQuorum(target))
      violated(`${target}: down without a quorum: ${archive.account(target)}; voted ${votesOf(after)}`);
    if (isOpen(before) && before?.incident?.id !== after.incident?.id)
      violated(`${target}: a second incident while one was open`);
    const owing = new Set(after.owed.map(({ id }) => id));
    for (const { id } of before?.owed ?? [])
      if (!owing.has(id) && !tellers.has(id)) violated(`${id}: struck off untold`);
    const had = new Set((before?.owed ?? []).map(({ id }) => id));
    const added = after.owed.filter(({ id }) => !had.has(id));
    if ((before?.memory?.told ?? 'up') !== after.memory?.told && added.length === 0)
      violated(`${target}: a change that nobody is told of`);
    for (const { id } of added) owe(target, id);
    stored.set(target, after);
  };

  const owe = (target: string, id: string) => {
    if (subjectOf.has(id)) violated(`${id}: the id of an alert was used again`);
    subjectOf.set(id, target);
    owedOrder.set(target, [...(owedOrder.get(target) ?? []), id]);
  };

  const recorded = (before: Item | null, after: Item) => {
    if (before !== null) violated(`${after.pk} ${after.sk}: a recorded round was overwritten`);
    archive.stored(after);
  };

  const checkOrder = (target: string, id: string) => {
    const order = owedOrder.get(target) ?? [];
    const untold = order.slice(0, order.indexOf(id)).find((earlier) => !tellers.has(earlier));
    if (untold !== undefined) violated(`${id}: told before ${untold}`);
    owedOrder.set(target, order.slice(order.indexOf(id)));
  };

  const checkOutage = (target: string) => {
    const since = truth.downSince(target);
    if (since === null) return;
    const key = `${target} ${since}`;
    const heard = belief.get(target);
    const outage = outages.get(key) ?? { paged: null };
    const paged = outage.paged ?? (isBadNews(heard) ? clock.now() - since : null);
    outages.set(key, { paged });
    if (paged === null && clock.now() - Math.max(since, truth.fairSince()) > BOUND) {
      violated(`${target}: an outage of ${Math.round((clock.now() - since) / MINUTE)} minutes is not paged`);
      outages.set(key, { paged: Number.POSITIVE_INFINITY });
    }
  };

  /** How often SNS refused each alert: the next try comes with the next round. */
  const refusals = new Map<string, number>();
  const heldUp = ({ owed }: StoredJudgement) => (refusals.get(owed[0]?.id ?? '') ?? 0) * MINUTE;

  const lastQuorum = new Map<string, number>();
  const checkRecovery = (target: string) => {
    const since = truth.upSince(target);
    const judged = stored.get(target);
    if (archive.hasQuorum(target)) lastQuorum.set(target, clock.now());
    if (since === null || judged === undefined) return;
    // With a link broken, two probes lost by chance may make a quorum anew: the time runs from the verdict, too. Verdicts
    // that come and go without one cannot put it off.
    const fair = Math.max(since, truth.fairSince());
    const sinceVerdict = clock.now() - Math.max(fair, Date.parse(judged.since));
    const sinceQuorum = clock.now() - Math.max(fair, lastQuorum.get(target) ?? 0);
    if (sinceVerdict < BOUND && sinceQuorum < 2 * BOUND) return;
    const heard = belief.get(target);
    if (judged.verdict === 'down')
      violated(`${target}: still down ${BOUND / MINUTE} minutes after it recovered: ${archive.account(target)}`);
    else if (heard?.is === 'down' && heard.kind !== 'flapping' && sinceVerdict > BOUND + heldUp(judged))
      violated(`${target}: its recovery is not told`);
  };

  const checkChange = (alert: Alert) => {
    const wrong = stripping.told(alert);
    if (wrong !== null) violated(`${alert.id}: ${wrong}: ${alert.reason}`);
  };

  const checkChanges = (target: string) => {
    const overdue = stripping.overdue(target);
    if (overdue !== null) violated(`${target}: ${overdue}`);
  };

  const checkRest = (target: string, judgement: StoredJudgement | undefined) => {
    if (judgement?.verdict !== 'up' || isOpen(judgement))
      violated(`${target}: not up at the end: ${judgement?.verdict}`);
    if (judgement && judgement.owed.length > 0)
      violated(`${target}: ${judgement.owed.length} alerts still owed at the end`);
    const heard = belief.get(target);
    if (heard && heard.is !== 'up') violated(`${target}: people still believe ${heard.kind} at the end`);
  };

  return {
    violations,
    written(before, after) {
      if (after.pk === 'verdicts') rejudged(before as StoredJudgement | null, after as unknown as StoredJudgement);
      else if (after.pk.startsWith('round#')) recorded(before, after);
    },
    judged(began) {
      for (const target of targets) {
        const verdict = stored.get(target)?.verdict;
        if (verdict !== 'unknown' && archive.lacksVoters(target, began))
          violated(`${target}: ${verdict} with too few voters: ${archive.account(target)}`);
      }
    },
    acknowledged(vantage, round) {
      if (!archive.has(vantage, round)) violated(`${vantage} ${round}: acknowledged, but not recorded`);
    },
    refused({ id }) {
      refusals.set(id, (refusals.get(id) ?? 0) + 1);
    },
    told(alert, teller) {
      const target = subjectOf.get(alert.id);
      if (target === undefined) return violated(`${alert.id}: told, but never owed`);
      const before = tellers.get(alert.id);
      if (before && !before.harmed) violated(`${alert.id}: told twice without cause`);
      if (!before) checkOrder(target, alert.id);
      tellers.set(alert.id, teller);
      if (before) return;
      if (alert.kind === 'update' && !isBadNews(belief.get(target)))
        violated(`${alert.id}: an update of what was never told`);
      if (alert.kind === 'changed') checkChange(alert);
      else belief.set(target, alert);
      if (targets.includes(target)) checkOutage(target);
    },
    tick() {
      for (const target of targets) {
        checkOutage(target);
        checkRecovery(target);
        checkChanges(target);
      }
    },
    closed() {
      for (const target of new Set([...targets, ...stored.keys()])) checkRest(target, stored.get(target));
      const delays = [...outages.values()].flatMap(({ paged }) => (paged === null ? [] : [paged]));
      const pages = [...subjectOf.keys()].filter((id) => id.endsWith('-down')).length;
      return { violations, outages: outages.size, pages, delays };
    },
  };
}

function votesOf({ owed }: StoredJudgement): string {
  return (owed.at(-1)?.votes ?? []).map(({ vantage, vote, why }) => `${vantage} ${vote} (${why})`).join(', ');
}

function isOpen(judgement: StoredJudgement | null | undefined): boolean {
  return judgement?.incident != null && judgement.incident.closed === null;
}

/** Without enough voters nobody can be sure of an outage, and people are told that instead. */
function isBadNews(alert: Alert | undefined): boolean {
  return alert?.kind === 'unknown' || alert?.kind === 'flapping' || (alert?.is === 'down' && alert.kind !== 'blind');
}
