/** When a receiver that is outside its hours is told again. */
import { isWithinHours, nextStart } from '../../calendar/hours.ts';
import type { ChannelRules } from '../../config/channel.ts';
import type { Config } from '../../config/config.ts';
import { isoSeconds } from '../../consensus/judgement/round-name.ts';
import { receiverId } from '../channels/channel-ids.ts';
import { fullTime } from '../words/time-text.ts';

/** What a note of it begins with. */
export const OUTSIDE_HOURS = 'outside its hours';

/** `outside its hours, next from 2026-11-30 08:00:00 UTC`. Null if one of the entries has none, or is within them. */
export function hoursNote(entries: readonly Pick<ChannelRules, 'hours'>[], now: number): string | null {
  const hours = entries.flatMap((entry) => (entry.hours === undefined ? [] : [entry.hours]));
  if (hours.length === 0 || hours.length < entries.length || hours.some((one) => isWithinHours(one, now))) return null;
  const starts = hours.map((one) => nextStart(one, now)).filter((start) => start !== null);
  return starts.length === 0
    ? OUTSIDE_HOURS
    : `${OUTSIDE_HOURS}, next from ${fullTime(isoSeconds(Math.min(...starts)))}`;
}

/** Of all entries with a receiver. @param receiver as `receiverId()` names it */
export function hoursNoteOfReceiver({ notify }: Pick<Config, 'notify'>, receiver: string, now: number): string | null {
  return hoursNote(
    notify.filter((channel) => receiverId(channel) === receiver),
    now,
  );
}
