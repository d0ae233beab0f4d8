/** Delivers alerts on one machine, as SNS and the webhook functions do on AWS. */
import { wantsAlert } from '../lambda/alert/channels/alert-filter.ts';
import { postWebhook } from '../lambda/alert/channels/webhook.ts';
import { alertTexts } from '../lambda/alert/words/alert-texts.ts';
import type { Channel, Config } from '../lambda/config/config.ts';
import type { Alert } from '../lambda/consensus/judgement/incident.ts';
import { sendMail } from './mail-sender.ts';

interface Receiver extends Pick<Channel, 'when'> {
  readonly id: string;
  send(alert: Alert): Promise<void>;
}

/**
 * Sends alerts to `show` and to each webhook and e-mail address that subscribes to them. Throws if one refuses an alert; the
 * next attempt goes only to the receivers that have not accepted it.
 */
export function startNotifier(config: Config, show: (alert: Alert) => void): (alert: Alert) => Promise<void> {
  const receivers = config.notify.flatMap((channel) => receiversOf(channel, config));
  const delivered = new Set<string>();
  const sendOnce = async (receiver: string, alert: Alert, send: () => void | Promise<void>) => {
    const key = `${alert.id} ${receiver}`;
    if (delivered.has(key)) return;
    await send();
    delivered.add(key);
  };
  return async (alert) => {
    await sendOnce('terminal', alert, () => show(alert));
    const subscribed = receivers.filter((receiver) => wantsAlert(receiver, alert));
    const results = await Promise.allSettled(
      subscribed.map((receiver) => sendOnce(receiver.id, alert, () => receiver.send(alert))),
    );
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    if (refused.length > 0) throw new Error(refused.join('; '));
  };
}

/** None for what only SNS sends; `channelProblems` says so. */
function receiversOf(channel: Channel, config: Config): readonly Receiver[] {
  const { when } = channel;
  switch (channel.kind) {
    case 'webhook': {
      const { url } = channel;
      return [{ id: url, when, send: (alert) => postWebhook(url, alertTexts(alert, config).https, alert.id) }];
    }
    case 'email': {
      const { smtp } = config;
      const { address } = channel;
      return smtp === undefined ? [] : [{ id: address, when, send: (alert) => sendMail(smtp, address, alert, config) }];
    }
    case 'sms':
      return [];
    default:
      return channel satisfies never;
  }
}
