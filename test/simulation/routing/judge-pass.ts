/**
 * A pass of the judge without probes: the verdict of a target is how it is. What it stores, hands over and routes is the product.
 */
import { randomUUID } from 'node:crypto';
import type { Alert, AlertKind, Incident } from '../../../lambda/consensus/judgement/incident.ts';
import { EMPTY_MEMORY, type Judgement } from '../../../lambda/consensus/judgement/judgement-state.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { StoredJudgement } from '../../../lambda/history/history.ts';
import type { Outbox } from '../../../lambda/judge/hand-over-alerts.ts';
import type { PassFailures } from '../../../lambda/judge/pass/pass-failures.ts';
import type { JudgePorts } from '../../../lambda/ports.ts';
import { TARGETS } from './config.ts';
import type { Health, Outages } from './outages.ts';
import type { RoutingProduct } from './simulate-routing.ts';

const LEASE = 45_000;

/** The same judgement if the target is as it was. */
function nextJudgement(stored: StoredJudgement | null, target: string, outages: Outages, clock: number): Judgement {
  const { health, causes } = outages.stateOf(target);
  const before: Judgement = stored ?? { target, verdict: 'up', since: isoSeconds(0), incident: null, owed: [] };
  if (before.verdict === health) return before;
  // A clock may be behind that of the judge before.
  const now = Math.max(clock, Date.parse(before.since) + 1000);
  const at = isoSeconds(now);
  const isFirst = before.verdict === 'up';
  const incident = isFirst ? opened(target, at, health) : { ...(before.incident as Incident), verdict: health };
  const alerts = isFirst ? 1 : (before.memory?.alerts ?? 0) + 1;
  const changed = health === 'up' ? { ...incident, verdict: before.verdict, closed: at } : incident;
  const kind: AlertKind = health === 'up' ? 'recovered' : health;
  const alert: Alert = {
    id: `${incident.id}#${alerts}-${kind}`,
    ...{ kind, subject: target, at, was: before.verdict, is: health, incident: changed, votes: [], reason: '1 of 1' },
    ...(causes.length > 0 ? { causes } : {}),
  };
  const memory = { ...EMPTY_MEMORY, alerts };
  return { target, verdict: health, since: at, incident: changed, owed: [...before.owed, alert], memory };
}

function opened(target: string, at: string, verdict: Health): Incident {
  return { id: `${target}@${at}`, target, opened: at, closed: null, verdict, witnesses: [], timeline: [] };
}

export async function judgePass(product: RoutingProduct, ports: JudgePorts, outages: Outages): Promise<void> {
  const failed: PassFailures = { names: () => [], add: () => {} };
  const by = randomUUID();
  const [stored, channels] = await Promise.all([ports.history.judgements(), ports.deliveries.channels()]);
  const byTarget = new Map(stored.map((one) => [one.target, one]));
  const next = TARGETS.map((target) => nextJudgement(byTarget.get(target) ?? null, target, outages, ports.now()));
  const isDown = (target: string) => next.find((one) => one.target === target)?.verdict === 'down';
  const outboxes: Outbox[] = [];
  for (const judgement of next) {
    const before = byTarget.get(judgement.target) ?? null;
    const own = await writeOne(product, ports, before, judgement, by);
    if (own !== null) outboxes.push(product.judgementOutbox(ports, own));
  }
  const told = await product.handOverAlerts(ports, outboxes, failed, isDown);
  const again = await product.routingPass(ports, byTarget, isDown, failed);
  await product.wakeChannels(ports, channels, [...told.channels, ...again.channels]);
}

/** What is stored under the lease of this pass; null if nothing is to be handed over by it. */
async function writeOne(
  { takeOverLease }: RoutingProduct,
  ports: JudgePorts,
  before: StoredJudgement | null,
  next: Judgement,
  by: string,
): Promise<StoredJudgement | null> {
  if (before !== null && next === before)
    return before.owed.length === 0 ? null : await takeOverLease(ports, before, by);
  if (next.owed.length === 0) return null;
  const isHeld = before?.lease != null && before.lease.until > ports.now();
  const lease = isHeld ? before.lease : { by, until: ports.now() + LEASE };
  const version = before?.version ?? 0;
  const isWritten = await ports.history.writeJudgement(next, version, lease);
  return isWritten && !isHeld ? { ...next, version: version + 1, lease } : null;
}
