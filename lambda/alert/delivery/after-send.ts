/** The state of a channel after an attempt, and the alerts about it for the other channels. */
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import type { Refused } from '../channels/sender.ts';
import { deliversAgainAlert, failingChannelAlert, givenUpAlert } from './channel-failure-alerts.ts';
import type { ChannelState, Delivery } from './delivery.ts';
import type { DeliveryRules } from './delivery-rules.ts';
import { groupsAfter } from './group-by-cause.ts';
import { withinHour } from './limits/message-limit.ts';
import { countedReceivers, receiversAfter } from './limits/topic-receivers.ts';
import type { Message } from './message.ts';
import { retryWait } from './retry.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Failed attempts in a row before the other channels get an alert. */
const ATTEMPTS_BEFORE_REPORT = 3;
/** A receiver that wants to be asked later than this takes no alert for so long: the other channels are told at once. Milliseconds. */
const WAIT_BEFORE_REPORT = 5 * 60_000;

/** The state with a message counted that is about to be sent. It is stored before: a crash may not send above the limit. */
export function afterCounting(state: ChannelState, message: Message, rules: DeliveryRules, now: number): ChannelState {
  if (!isCounted(message, rules)) return state;
  const sent = [...withinHour(state.sent ?? [], now), now];
  if (rules.receivers.length === 0) return { ...state, sent };
  return { ...state, sent, receivers: countedReceivers(state.receivers ?? {}, message, rules, now) };
}

/** Whether a message counts towards a limit. */
export function isCounted({ edits, quiet }: Message, { limit }: DeliveryRules): boolean {
  return Number.isFinite(limit) && edits === undefined && quiet === undefined;
}

/** The state after the channel took a message. */
export function afterMessage(channel: string, state: ChannelState, message: Message, now: number): ChannelState {
  const { groups = [], receivers } = state;
  return {
    ...afterTaken(channel, state, now),
    ...(groups.length === 0 && message.group === undefined ? {} : { groups: groupsAfter(groups, message, now) }),
    ...(receivers === undefined ? {} : { receivers: receiversAfter(receivers, message) }),
  };
}

export function afterTaken(channel: string, state: ChannelState, now: number): ChannelState {
  const at = isoSeconds(now);
  return {
    ...state,
    attempts: 0,
    failingSince: null,
    next: 0,
    lastTry: at,
    lastSuccess: at,
    lastError: null,
    reported: false,
    reports: state.reported ? [deliversAgainAlert(channel, state, at)] : [],
  };
}

/**
 * @param pending all pending deliveries of the channel: each that was tried for a day is given up
 * @param random 0 up to 1
 */
export function afterRefused(
  channel: string,
  before: ChannelState,
  refused: Refused,
  pending: readonly Delivery[],
  now: number,
  random: number,
): ChannelState {
  const at = isoSeconds(now);
  const attempts = before.attempts + 1;
  const wait = retryWait(attempts, refused.retryAfter, random);
  const isDead = attempts >= ATTEMPTS_BEFORE_REPORT || wait > WAIT_BEFORE_REPORT || failedFor(before, now) >= HOUR;
  const state: ChannelState = {
    ...before,
    attempts,
    failingSince: before.failingSince ?? at,
    next: now + wait,
    lastTry: at,
    lastError: refused.words,
    reported: before.reported || isDead,
  };
  const givenUp = failedFor(before, now) < DAY ? [] : pending.filter(({ made }) => now - made >= DAY);
  const reports = [
    ...(state.reported && !before.reported ? [failingChannelAlert(channel, state, at)] : []),
    ...(givenUp.length > 0 ? [givenUpAlert(channel, state, givenUp, at)] : []),
  ];
  return { ...state, reports, giveUpBefore: givenUp.length > 0 ? now - DAY : null };
}

function failedFor({ failingSince }: ChannelState, now: number): number {
  return failingSince === null ? 0 : now - Date.parse(failingSince);
}
