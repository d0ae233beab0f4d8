/** Checks whether the subscriptions that the config names still get what is published to the topic. */
import { afterCheck } from '../alert/subscriptions/after-check.ts';
import { type NamedStatus, namedStatuses, type Subscription } from '../alert/subscriptions/subscription.ts';
import type { Alert } from '../consensus/judgement/incident.ts';
import { inParallel } from '../history/table/parallel.ts';
import type { DeliverPorts } from '../ports.ts';
import { makeReportDeliveries } from './queue-alert-for-channels.ts';

type CheckPorts = Pick<DeliverPorts, 'config' | 'channels' | 'deliveries' | 'publishEvents' | 'now'>;

/**
 * Ids by their status, and whether anybody gets alerts, also a subscriber that the config does not name. Nobody may for the time
 * of the first confirmation.
 */
export interface SubscriptionReport extends Readonly<Record<NamedStatus, readonly string[]>> {
  readonly hasReceiver: boolean;
}

const CONCURRENT_CHECKS = 10;

/**
 * Stores the state of each subscription with the alerts about it, makes deliveries of these, and then removes them from the
 * state. A check that ends at any point is repeated by the next one, with the same alerts under the same ids.
 * @throws Error of the table. The others are checked all the same.
 */
export async function checkSubscriptions(
  ports: CheckPorts,
  found: readonly Subscription[],
): Promise<SubscriptionReport> {
  const statuses = namedStatuses(ports.config, found);
  const { channels } = ports;
  const gone = withStatus(statuses, 'pending', 'missing');
  const errors: unknown[] = [];
  const reported = await inParallel([...statuses], CONCURRENT_CHECKS, async ([id, status]) => {
    return await checkOne(ports, id, status, gone).catch((error) => {
      errors.push(error);
      return false;
    });
  });
  if (errors.length > 0) throw errors[0];
  return {
    confirmed: withStatus(statuses, 'confirmed'),
    pending: withStatus(statuses, 'pending'),
    missing: withStatus(statuses, 'missing'),
    hasReceiver:
      found.some(({ status }) => status === 'confirmed') ||
      channels.some(({ kind }) => kind === 'webhook' || kind === 'service') ||
      !reported.includes(true),
  };
}

function withStatus(statuses: ReadonlyMap<string, NamedStatus>, ...wanted: readonly NamedStatus[]): readonly string[] {
  return [...statuses].filter(([, status]) => wanted.includes(status)).map(([id]) => id);
}

/** Returns whether there was an alert that the subscription gets nothing. */
async function checkOne(ports: CheckPorts, id: string, status: NamedStatus, gone: readonly string[]): Promise<boolean> {
  // Of a check that ended early.
  await handOverReports(ports, id, gone);
  const state = await ports.deliveries.change(id, (stored) =>
    stored.reports.length > 0 ? null : { ...stored, ...afterCheck(id, stored, status, ports.now()) },
  );
  await handOverReports(ports, id, gone);
  return state?.reported === true;
}

async function handOverReports(ports: CheckPorts, id: string, gone: readonly string[]): Promise<void> {
  const reports = await reportsOf(ports, id);
  if (reports.length === 0) return;
  await makeReportDeliveries(ports, id, reports, gone);
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
