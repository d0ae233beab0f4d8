/** The session that is open, and one beside it. */
import { useEffect, useRef } from 'preact/hooks';
import { compareSessions } from '../../history/compare-sessions.ts';
import { othersToCompare } from '../../history/others-to-compare.ts';
import type { Session } from '../../history/sessions.ts';
import type { ShadedTime } from '../../history/shaded-times.ts';
import { SessionView } from './session-view.tsx';
import { secondInWords } from './time-words.ts';

interface Panel {
  /** Null while it is read, or if the page has none of this name. */
  readonly session: Session | null;
  readonly other: Session | null;
  readonly words: string;
  readonly sessions: readonly Session[];
  readonly incidents: readonly ShadedTime[];
  /** See `SessionView`. */
  readonly transcriptsFrom: number | null;
  readonly onCompare: (other: Session | null) => void;
  /** A session of a day before is to be read. */
  readonly onDayBefore: (session: Session) => void;
  readonly onOpen: (session: Session) => void;
  readonly onClose: () => void;
}

const DAY_BEFORE = 'day before';

export function SessionPanel({
  session,
  other,
  words,
  sessions,
  incidents,
  transcriptsFrom,
  onCompare,
  onDayBefore,
  onOpen,
  onClose,
}: Panel) {
  const heading = useRef<HTMLHeadingElement>(null);
  const name = session === null ? words : `${session.vantage} ${session.round}`;
  useEffect(() => {
    // Within it the focus stays where it is.
    const panel = heading.current?.closest('section');
    if (panel?.contains(document.activeElement) === false) heading.current?.focus();
  }, [name]);
  const others = session === null ? [] : othersToCompare(session, sessions);
  const nth = others.findIndex((one) => one.session === other);
  const differences = session === null || other === null ? null : compareSessions(session, other);
  const choose = (value: string) => {
    if (value === DAY_BEFORE && session !== null) onDayBefore(session);
    else onCompare(others[Number(value)]?.session ?? null);
  };
  const shared = { differences, sessions, incidents, transcriptsFrom };
  return (
    <section class="session-panel" aria-labelledby="session-heading">
      <header>
        <h3 id="session-heading" ref={heading} tabIndex={-1}>
          {session === null ? 'Session' : `Session of ${session.vantage}, ${secondInWords(session.at)}`}
        </h3>
        <button type="button" onClick={onClose}>
          Close <kbd>Esc</kbd>
        </button>
      </header>
      {session === null ? (
        <p role="status">{words}</p>
      ) : (
        <>
          <div class="session-tools">
            <Neighbours session={session} sessions={sessions} onOpen={onOpen} />
            <label>
              Compare with{' '}
              <select value={nth === -1 ? '' : String(nth)} onChange={(event) => choose(event.currentTarget.value)}>
                <option value="">nothing</option>
                {others.map(({ label }, at) => (
                  <option key={label} value={String(at)}>
                    {label}
                  </option>
                ))}
                {others.some(({ isDayBefore }) => isDayBefore) ? null : (
                  <option value={DAY_BEFORE}>the same vantage a day before</option>
                )}
              </select>
            </label>{' '}
            <span class="note" role="status">
              {differences === null ? words : differenceWords(differences)}
            </span>
          </div>
          <div class="sessions">
            <SessionView session={session} other={other} {...shared} />
            {other === null ? null : <SessionView session={other} other={session} {...shared} />}
          </div>
        </>
      )}
    </section>
  );
}

/** The sessions of the vantage before and after it: cells of the heat map are small. */
function Neighbours({ session, sessions, onOpen }: Pick<Panel, 'sessions' | 'onOpen'> & { readonly session: Session }) {
  const own = sessions.filter(({ vantage }) => vantage === session.vantage);
  const at = own.indexOf(session);
  const step = (label: string, next: Session | undefined) => (
    <button type="button" disabled={next === undefined} onClick={() => next !== undefined && onOpen(next)}>
      {label}
    </button>
  );
  return (
    <span>
      {step('← Before', own[at - 1])} {step('After →', own[at + 1])}
    </span>
  );
}

function differenceWords({ phases, facts, parts }: ReturnType<typeof compareSessions>): string {
  const count = phases.size + facts.size + parts.size;
  if (count === 0) return 'No difference, but for times within a quarter or 10 ms of each other.';
  return `${count} ${count === 1 ? 'difference' : 'differences'}, marked with ≠.`;
}
