import { wantsAlert } from '../lambda/alert/channels/alert-filter.ts';
import { postWebhook } from '../lambda/alert/channels/webhook.ts';
import { alertTexts } from '../lambda/alert/words/alert-texts.ts';
import type { Config } from '../lambda/config/config.ts';
import type { Alert } from '../lambda/consensus/judgement/incident.ts';

type Webhook = Extract<Config['notify'][number], { kind: 'webhook' }>;

/**
 * Tells alerts on one machine: to `show`, and to each webhook that wants to hear of it. Throws where a webhook did not
 * take it; the next telling goes only where the alert has not been yet.
 */
export function startNotifier(config: Config, show: (alert: Alert) => void): (alert: Alert) => Promise<void> {
  const webhooks = config.notify.filter((channel): channel is Webhook => channel.kind === 'webhook');
  const told = new Set<string>();
  const once = async (place: string, alert: Alert, tell: () => void | Promise<void>) => {
    const key = `${alert.id} ${place}`;
    if (told.has(key)) return;
    await tell();
    told.add(key);
  };
  return async (alert) => {
    await once('terminal', alert, () => show(alert));
    const document = alertTexts(alert, config).https;
    const hearing = webhooks.filter((webhook) => wantsAlert(webhook, alert));
    const taken = await Promise.allSettled(
      hearing.map(({ url }) => once(url, alert, () => postWebhook(url, document, alert.id))),
    );
    const refused = taken.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    if (refused.length > 0) throw new Error(refused.join('; '));
  };
}
