import type { DeliveryChannel } from '../alert/delivery/configured-channels.ts';
import { deliveryKey } from '../alert/delivery/delivery.ts';
import { addressReport } from '../alert/delivery/receivers-of-channel-failure-alerts.ts';
import type { Alert } from '../consensus/judgement/incident.ts';
import type { DeliverPorts, JudgePorts } from '../ports.ts';

/**
 * Makes one delivery of an alert for each of these channels, and wakes them. Idempotent under the id of the alert. Of the
 * alerts of judgements the judge does the same for many at once (`lambda/judge/hand-over-alerts.ts`).
 */
export async function makeDeliveries(
  { deliveries, publishEvents }: Pick<JudgePorts, 'deliveries' | 'publishEvents'>,
  alert: Alert,
  channels: readonly DeliveryChannel[],
): Promise<void> {
  for (const { id } of channels) {
    await deliveries.make(id, alert);
    await deliveries.mark(id, deliveryKey(alert));
  }
  if (channels.length === 0) return;
  const events = channels.map(({ id }) => ({ type: 'Delivery Due', detail: { channel: id } }) as const);
  // The judge of the next minute wakes the channels too.
  await publishEvents(events).catch(() => {});
}

/**
 * Makes deliveries of the alerts about a channel, or about a subscription of the topic, on the channels that carry them.
 * @param gone ids of subscriptions of the topic that get nothing
 */
export async function makeReportDeliveries(
  ports: Pick<DeliverPorts, 'deliveries' | 'publishEvents' | 'channels' | 'config'>,
  id: string,
  reports: readonly Alert[],
  gone: readonly string[] = [],
): Promise<void> {
  for (const report of reports) {
    const { alert, channels } = addressReport(ports, id, report, gone);
    await makeDeliveries(ports, alert, channels);
  }
}
