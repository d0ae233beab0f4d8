/** Who was told of an incident, by kinds of channels. */

import type { AlertsSnapshot, ToldSnapshot } from '../../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../../markup/html.ts';
import { exactTime } from '../words.ts';
import {
  ALERTS_GONE,
  alertStateText,
  alertText,
  channelText,
  countedChannels,
  NOBODY_TOLD,
  toldText,
} from './incident-words.ts';

export function alertsSection(alerts: AlertsSnapshot): Html {
  const { expired, sent, told } = alerts;
  if (expired) return html`<p>${ALERTS_GONE}</p>`;
  if (sent.length === 0 && told.length === 0) return html`<p>${NOBODY_TOLD}</p>`;
  const counted = countedChannels(alerts);
  return html`${counted.length === 0 ? null : html`<ul class="plain told">${counted.map(toldItem)}</ul>`}${sent.length === 0 ? null : table(sent)}`;
}

function toldItem(told: ToldSnapshot): Html {
  const { first, last } = told;
  const times = first === last ? exactTime(first) : html`${exactTime(first)} to ${exactTime(last)}`;
  return html`<li>${toldText(told)}, ${times}</li>`;
}

function table(sent: AlertsSnapshot['sent']): Html {
  const rows = sent.map(
    (alert) =>
      html`<tr><td>${exactTime(alert.at)}</td><td>${alertText(alert)}</td><td>${channelText(alert.channel)}</td><td>${alertStateText(alert)}${alert.ended === null ? null : html` ${exactTime(alert.ended)}`}</td></tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Alerts"><table class="rounds"><thead><tr><th scope="col">Decided</th><th scope="col">Alert</th><th scope="col">Channel</th><th scope="col">State</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
