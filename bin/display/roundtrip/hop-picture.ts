/** The way of a message as a picture: one line for each hop, with a bar that starts where the one before ended. */
import { safeText as shown } from '../../../lambda/alert/words/safe-text.ts';
import type { TripHop } from '../../../lambda/trip/hops/trip-hop.ts';
import type { Screen } from '../layout/screen.ts';
import { barOf, milliseconds } from '../probe/waterfall.ts';

export interface HopPicture {
  /** Milliseconds of the SMTP session. */
  readonly session: number;
  /** When the server accepted the message, epoch milliseconds. */
  readonly accepted: number;
  readonly hops: readonly TripHop[];
  /** When it was seen in the mailbox; null if it was not. */
  readonly seen: number | null;
}

interface Row {
  readonly name: string;
  readonly length: number;
  readonly note: string;
}

const NAME_WIDTH = 34;

/** A hop whose clock is behind has no bar: its delay is shown as it is, and the next one begins where it was. */
export function hopPicture(picture: HopPicture, screen: Screen): readonly string[] {
  const rows = rowsOf(picture);
  const whole = rows.reduce((sum, { length }) => sum + Math.max(0, length), 0);
  const columns = Math.max(10, Math.min(40, screen.width - NAME_WIDTH - 40));
  let elapsed = 0;
  return rows.map(({ name, length, note }) => {
    const bar = length > 0 ? barOf(elapsed, length, columns / Math.max(whole, 0.001), screen) : '';
    elapsed += Math.max(0, length);
    const sign = length < 0 ? `-${milliseconds(-length)}` : milliseconds(length);
    return `${name.padEnd(NAME_WIDTH)}${sign.padStart(10)}  ${bar}${note === '' ? '' : `  ${screen.paint.dim(note)}`}`.trimEnd();
  });
}

function rowsOf({ session, accepted, hops, seen }: HopPicture): readonly Row[] {
  const last = hops.findLast(({ at }) => at !== null)?.at ?? accepted;
  return [
    { name: 'sent', length: session, note: 'the session with the server' },
    ...hops.map(rowOf),
    ...(seen === null ? [] : [{ name: 'seen in the mailbox', length: seen - last, note: '' }]),
  ];
}

function rowOf({ host, protocol, tls, delay, clocksDisagree, plaintext, acceptedByUs }: TripHop): Row {
  const notes = [
    protocol ?? 'unknown protocol',
    tls ? '' : 'no TLS',
    plaintext ? 'plain text between public addresses' : '',
    acceptedByUs ? 'took our message' : '',
    delay === null ? 'time unknown' : '',
    clocksDisagree ? 'clocks disagree' : '',
  ];
  return {
    name: shown(host ?? 'an unnamed host', NAME_WIDTH - 2),
    length: delay ?? 0,
    note: shown(notes.filter((note) => note !== '').join(', '), 100),
  };
}
