/** One session: its phases like the network panel of a browser, the transcript beside them, and what was seen of TLS. */
import { escapeForDisplay } from '../../../lambda/smtp/bounds/escape.ts';
import { sessionPhases } from '../../../lambda/smtp/sample/session-phases.ts';
import { markLines, type SessionDifferences } from '../../history/compare-sessions.ts';
import { incidentLink } from '../../history/incident-link.ts';
import { latencyText } from '../../history/latency-text.ts';
import { PHASE_LABELS } from '../../history/phase-labels.ts';
import { type FactRow, factRows } from '../../history/session-facts.ts';
import { OUTCOME_MARKS, sessionOutcome } from '../../history/session-outcome.ts';
import type { Session } from '../../history/sessions.ts';
import type { ShadedTime } from '../../history/shaded-times.ts';
import { whyNoTranscript } from '../../history/transcript-words.ts';
import { epochOfRound, minuteInWords, secondInWords, utcText } from './time-words.ts';

export interface SessionView {
  readonly session: Session;
  /** The one beside it; null if it is alone. */
  readonly other: Session | null;
  readonly differences: SessionDifferences | null;
  /** All that the page has, oldest first. */
  readonly sessions: readonly Session[];
  readonly incidents: readonly ShadedTime[];
  /** From when on the page has transcripts, epoch milliseconds; null if it has none. */
  readonly transcriptsFrom: number | null;
}

export function SessionView(view: SessionView) {
  const { session, differences } = view;
  const { seen } = session;
  return (
    <article class="session" aria-label={`${session.vantage}, ${secondInWords(session.at)}`}>
      <h4>
        {escapeForDisplay(session.vantage)}{' '}
        <time dateTime={new Date(session.at).toISOString()} title={utcText(session.at)}>
          {secondInWords(session.at)}
        </time>
      </h4>
      <p class={`outcome ${session.outcome}`}>
        <span aria-hidden="true">{OUTCOME_MARKS[session.outcome]}</span> {escapeForDisplay(sessionOutcome(session))},{' '}
        {latencyText(session.total)}
        {seen?.address == null ? null : ` at ${escapeForDisplay(seen.address)}`}
        <Mark differs={differences?.parts.has('outcome') === true || differences?.parts.has('address') === true} />
      </p>
      {seen?.detail == null ? null : <p>{escapeForDisplay(seen.detail)}</p>}
      {seen?.reply == null ? null : (
        <p>
          The server said: <q>{escapeForDisplay(seen.reply)}</q>
          <Mark differs={differences?.parts.has('reply') === true} />
        </p>
      )}
      <div class="beside">
        <Waterfall {...view} />
        {seen === null ? (
          <p class="note">What the server said is not on this page.</p>
        ) : (
          <Transcript {...view} lines={seen.transcript} />
        )}
      </div>
      {seen === null ? null : (
        <Facts rows={factRows(session, view.sessions)} names={Object.keys(seen.facts)} differences={differences} />
      )}
    </article>
  );
}

/** What differs from the session beside it: not by colour alone. */
function Mark({ differs }: { readonly differs: boolean }) {
  if (!differs) return null;
  return (
    <strong class="differs" title="differs">
      {' '}
      ≠<span class="unseen"> differs</span>
    </strong>
  );
}

function lengthOf(session: Session): number {
  const { counted, quit } = sessionPhases(session);
  return counted.reduce((all, [, length]) => all + length, quit ?? 0);
}

/** Both sessions have the same scale. */
function Waterfall({ session, other, differences }: SessionView) {
  const { counted, quit } = sessionPhases(session);
  const whole = Math.max(lengthOf(session), other === null ? 0 : lengthOf(other));
  if (whole === 0) return null;
  let at = 0;
  const rows = [...counted, ...(quit === null ? [] : [['quit', quit] as const])].map(([phase, length]) => {
    const x = (at / whole) * 100;
    at += length;
    return { phase, length, x, width: Math.max(0.6, (length / whole) * 100) };
  });
  return (
    <table class="waterfall">
      <tbody>
        {rows.map(({ phase, length, x, width }) => (
          <tr key={phase}>
            <th scope="row">{PHASE_LABELS[phase] ?? phase}</th>
            <td>
              <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect
                  class={phase === session.seen?.phase ? session.outcome : 'pass'}
                  x={x}
                  y="1"
                  width={width}
                  height="8"
                />
              </svg>
            </td>
            <td class="number">
              {latencyText(length)}
              <Mark differs={differences?.phases.has(phase) === true} />
            </td>
          </tr>
        ))}
        <tr>
          <th scope="row">in all</th>
          <td />
          <td class="number">
            {latencyText(session.total)}
            <Mark differs={differences?.parts.has('total') === true} />
          </td>
        </tr>
      </tbody>
    </table>
  );
}

function Transcript({ lines, ...view }: SessionView & { readonly lines: readonly string[] }) {
  const { other } = view;
  if (lines.length === 0) return <NoTranscript {...view} />;
  const beside = other?.seen?.transcript ?? [];
  const marked = beside.length === 0 ? lines.map((text) => ({ text, differs: false })) : markLines(lines, beside);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys scroll it where it is too long
    <ol class="transcript" tabIndex={0}>
      {marked.map(({ text, differs }, nth) => (
        <li key={nth} class={differs ? 'differs' : ''}>
          <code>{escapeForDisplay(text)}</code>
          <Mark differs={differs} />
        </li>
      ))}
    </ol>
  );
}

function NoTranscript({ session, incidents, transcriptsFrom }: SessionView) {
  const incident = incidents.find(
    ({ from, to }) => from <= session.at && session.at <= (to ?? Number.POSITIVE_INFINITY),
  );
  const hadOne = session.outcome !== 'pass' && session.timings.connect !== undefined;
  const since = transcriptsFrom !== null && session.at < transcriptsFrom ? minuteInWords(transcriptsFrom) : null;
  const link = incident === undefined || !hadOne ? null : incidentLink(incident.id);
  return (
    <p class="note">
      {whyNoTranscript(session, since)}{' '}
      {link === null ? null : <a href={`../${link}`}>The incident has one of each vantage.</a>}
    </p>
  );
}

interface FactsTable {
  readonly rows: readonly FactRow[];
  /** Of the facts, in the same order. */
  readonly names: readonly string[];
  readonly differences: SessionDifferences | null;
}

function Facts({ rows, names, differences }: FactsTable) {
  if (rows.length === 0) return null;
  return (
    <dl class="seen-facts">
      {rows.map(({ label, value, isFromBefore, changed }, nth) => (
        <div key={label}>
          <dt>{escapeForDisplay(label)}</dt>
          <dd>
            {escapeForDisplay(value)}
            <Mark differs={differences?.facts.has(names[nth] ?? '') === true} />
            {isFromBefore ? <span class="note"> seen before: this session ended too early</span> : null}
            {changed === null ? null : (
              <span class="note">
                {' '}
                since {minuteInWords(epochOfRound(changed.round))}, before {escapeForDisplay(changed.before)}
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
