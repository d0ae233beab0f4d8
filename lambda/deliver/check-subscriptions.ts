/** Checks whether the subscriptions that the config names still get what is published to the topic. */
import { addressReport } from '../alert/delivery/report-receivers.ts';
import { afterCheck } from '../alert/subscriptions/after-check.ts';
import { type NamedStatus, namedStatuses, type Subscription } from '../alert/subscriptions/subscription.ts';
import type { Alert } from '../consensus/judgement/incident.ts';
import { inParallel } from '../history/table/parallel.ts';
import type { DeliverPorts } from '../ports.ts';
import { makeDeliveries } from './make-deliveries.ts';

type CheckPorts = Pick<DeliverPorts, 'config' | 'channels' | 'deliveries' | 'publishEvents' | 'now'>;

/** Ids by their status. */
export type SubscriptionReport = Readonly<Record<NamedStatus, readonly string[]>>;

const CONCURRENT_CHECKS = 10;

/**
 * Stores the state of each subscription with what is to be told of it, makes deliveries of that, and then removes it from the
 * state. A check that ends at any point is repeated by the next one, with the same alerts under the same ids.
 * @throws Error of the table. The others are checked all the same.
 */
export async function checkSubscriptions(
  ports: CheckPorts,
  found: readonly Subscription[],
): Promise<SubscriptionReport> {
  const statuses = namedStatuses(ports.config, found);
  const gone = withStatus(statuses, 'pending', 'missing');
  const errors: unknown[] = [];
  await inParallel([...statuses], CONCURRENT_CHECKS, async ([id, status]) => {
    await checkOne(ports, id, status, gone).catch((error) => errors.push(error));
  });
  if (errors.length > 0) throw errors[0];
  return {
    confirmed: withStatus(statuses, 'confirmed'),
    pending: withStatus(statuses, 'pending'),
    missing: withStatus(statuses, 'missing'),
  };
}

function withStatus(statuses: ReadonlyMap<string, NamedStatus>, ...wanted: readonly NamedStatus[]): readonly string[] {
  return [...statuses].filter(([, status]) => wanted.includes(status)).map(([id]) => id);
}

async function checkOne(ports: CheckPorts, id: string, status: NamedStatus, gone: readonly string[]): Promise<void> {
  // Of a check that ended early.
  await handOverReports(ports, id, gone);
  await ports.deliveries.change(id, (stored) =>
    stored.reports.length > 0 ? null : { ...stored, ...afterCheck(id, stored, status, ports.now()) },
  );
  await handOverReports(ports, id, gone);
}

async function handOverReports(ports: CheckPorts, id: string, gone: readonly string[]): Promise<void> {
  const reports = await reportsOf(ports, id);
  if (reports.length === 0) return;
  for (const report of reports) {
    const { alert, channels } = addressReport(ports, id, report, gone);
    await makeDeliveries(ports, alert, channels);
  }
  await ports.deliveries.change(id, (stored) => (hasSame(stored.reports, reports) ? { ...stored, reports: [] } : null));
}

async function reportsOf({ deliveries }: CheckPorts, id: string): Promise<readonly Alert[]> {
  let reports: readonly Alert[] = [];
  await deliveries.change(id, (stored) => {
    reports = stored.reports;
    return null;
  });
  return reports;
}

function hasSame(one: readonly Alert[], other: readonly Alert[]): boolean {
  return one.length === other.length && one.every(({ id }, at) => id === other[at]?.id);
}
