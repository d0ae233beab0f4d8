/** Who was told of an incident, by kinds of channels. */

import type { AlertsSnapshot, ToldSnapshot } from '../../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../../markup/html.ts';
import { countText, exactTime } from '../words.ts';
import { alertStateText, alertText, channelText } from './incident-words.ts';

export function alertsSection({ expired, sent, told }: AlertsSnapshot): Html {
  if (expired) return html`<p>The alerts of this incident are not kept any more: they are kept for 8 days.</p>`;
  if (sent.length === 0 && told.length === 0) return html`<p>Nobody was told.</p>`;
  // The table has each message of the others.
  const counted = told.filter(({ channel }) => !sent.some((alert) => alert.channel === channel));
  return html`${counted.length === 0 ? null : html`<ul class="plain told">${counted.map(toldItem)}</ul>`}${sent.length === 0 ? null : table(sent)}`;
}

function toldItem({ channel, first, last, messages, reminders }: ToldSnapshot): Html {
  const count = countText(messages, 'message');
  const among = reminders === 0 ? '' : `, ${reminders} of them ${reminders === 1 ? 'a reminder' : 'reminders'}`;
  const times = first === last ? exactTime(first) : html`${exactTime(first)} to ${exactTime(last)}`;
  return html`<li>${channelText(channel)}: ${count}${among}, ${times}</li>`;
}

function table(sent: AlertsSnapshot['sent']): Html {
  const rows = sent.map(
    (alert) =>
      html`<tr><td>${exactTime(alert.at)}</td><td>${alertText(alert)}</td><td>${channelText(alert.channel)}</td><td>${alertStateText(alert)}${alert.ended === null ? null : html` ${exactTime(alert.ended)}`}</td></tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Alerts"><table class="rounds"><thead><tr><th scope="col">Decided</th><th scope="col">Alert</th><th scope="col">Channel</th><th scope="col">State</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
