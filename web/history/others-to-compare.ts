/** The sessions that one is usually compared with, as far as the page has them. */
import type { Session } from './sessions.ts';

interface OtherSession {
  readonly label: string;
  readonly session: Session;
  readonly isDayBefore: boolean;
}

const DAY = 86_400_000;
/** A session of a day before is within this time of it. */
const NEAR = 600_000;

/** @param sessions oldest first */
export function othersToCompare(session: Session, sessions: readonly Session[]): readonly OtherSession[] {
  const own = sessions.filter(({ vantage }) => vantage === session.vantage);
  const before = own.filter(({ at }) => at < session.at);
  const passed = before.findLast(({ outcome }) => outcome === 'pass');
  const named: readonly (readonly [label: string, session: Session | undefined, isDayBefore: boolean])[] = [
    ['the session before', before.at(-1), false],
    ['the last one that passed', passed === before.at(-1) ? undefined : passed, false],
    ['the same vantage a day before', nearest(own, session.at - DAY), true],
    ...sessions
      .filter(({ at, vantage }) => at === session.at && vantage !== session.vantage)
      .map((one) => [`${one.vantage} in the same round`, one, false] as const),
  ];
  return named.flatMap(([label, one, isDayBefore]) =>
    one === undefined ? [] : [{ label, session: one, isDayBefore }],
  );
}

/** The session closest to a time; undefined if none is near. */
export function nearest(sessions: readonly Session[], at: number): Session | undefined {
  const near = sessions.filter((one) => Math.abs(one.at - at) <= NEAR);
  return near.toSorted((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at))[0];
}
