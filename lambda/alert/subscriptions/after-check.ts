/** The state of a subscription after a check, and the alerts about it for the others. */
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import { afterTaken } from '../delivery/after-send.ts';
import { subscriptionAlert } from '../delivery/channel-failure-alerts.ts';
import type { ChannelState } from '../delivery/delivery.ts';
import type { NamedStatus } from './subscription.ts';

/** Milliseconds in which a subscription is confirmed for the first time. A little less than from one check to the next. */
const FIRST_CONFIRMATION = 11 * 3_600_000;

const WORDS: Readonly<Record<Exclude<NamedStatus, 'confirmed'>, string>> = {
  pending:
    'its subscription is not confirmed: SNS sends it nothing, and deletes it 48 hours after the request for the confirmation',
  missing: 'it is not subscribed: the subscription expired unconfirmed, or was removed by a link in a mail or by hand',
};

/**
 * The state of a subscription has the form of a channel's: `lastSuccess` is the last check that found it confirmed. There
 * is one alert that it gets nothing, another if it is deleted after that, and one when it is confirmed again.
 */
export function afterCheck(subscriber: string, before: ChannelState, status: NamedStatus, now: number): ChannelState {
  if (status === 'confirmed') return afterTaken(subscriber, before, now);
  const at = isoSeconds(now);
  const failingSince = before.failingSince ?? at;
  const isDue = before.lastSuccess !== null || now - Date.parse(failingSince) >= FIRST_CONFIRMATION;
  const isNews = !before.reported || before.lastError !== WORDS[status];
  const state: ChannelState = {
    ...before,
    attempts: before.attempts + 1,
    failingSince,
    lastTry: at,
    lastError: WORDS[status],
    reported: before.reported || isDue,
  };
  return { ...state, reports: isDue && isNews ? [subscriptionAlert(subscriber, state, at)] : [] };
}
