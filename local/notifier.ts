/** Delivers alerts on one machine, as SNS and the webhook functions do on AWS. */
import { wantsAlert } from '../lambda/alert/channels/alert-filter.ts';
import { postWebhook } from '../lambda/alert/channels/webhook.ts';
import { alertTexts } from '../lambda/alert/words/alert-texts.ts';
import type { Config } from '../lambda/config/config.ts';
import type { Alert } from '../lambda/consensus/judgement/incident.ts';

type Webhook = Extract<Config['notify'][number], { kind: 'webhook' }>;

/**
 * Sends alerts to `show` and to each webhook that subscribes to them. Throws if a webhook refuses an alert; the next attempt
 * goes only to the receivers that have not accepted it.
 */
export function startNotifier(config: Config, show: (alert: Alert) => void): (alert: Alert) => Promise<void> {
  const webhooks = config.notify.filter((channel): channel is Webhook => channel.kind === 'webhook');
  const delivered = new Set<string>();
  const sendOnce = async (receiver: string, alert: Alert, send: () => void | Promise<void>) => {
    const key = `${alert.id} ${receiver}`;
    if (delivered.has(key)) return;
    await send();
    delivered.add(key);
  };
  return async (alert) => {
    await sendOnce('terminal', alert, () => show(alert));
    const document = alertTexts(alert, config).https;
    const subscribed = webhooks.filter((webhook) => wantsAlert(webhook, alert));
    const results = await Promise.allSettled(
      subscribed.map(({ url }) => sendOnce(url, alert, () => postWebhook(url, document, alert.id))),
    );
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    if (refused.length > 0) throw new Error(refused.join('; '));
  };
}
