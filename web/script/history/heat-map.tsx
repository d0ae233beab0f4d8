/** Rounds × vantages. Each cell is a session that opens. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { type HeatPlace, type HeatRounds, placeAfterKey } from '../../history/heat-rounds.ts';
import { latencyText } from '../../history/latency-text.ts';
import { sessionOutcome } from '../../history/session-outcome.ts';
import type { Session } from '../../history/sessions.ts';
import { secondInWords, utcText } from './time-words.ts';

interface Heat {
  readonly heat: HeatRounds;
  /** The sessions that are open. */
  readonly opened: readonly Session[];
  readonly onOpen: (session: Session) => void;
  readonly onEarlier: (() => void) | null;
  readonly onLater: (() => void) | null;
}

export function HeatMap({ heat, opened, onOpen, onEarlier, onLater }: Heat) {
  const { rounds, rows } = heat;
  const table = useRef<HTMLDivElement>(null);
  const scroll = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<HeatPlace>([0, Math.max(0, rounds.length - 1)]);
  const column = Math.min(place[1], Math.max(0, rounds.length - 1));
  // The newest rounds are at the end.
  useEffect(() => {
    if (scroll.current !== null) scroll.current.scrollLeft = scroll.current.scrollWidth;
  }, [rounds[0]]);
  const cellAt = (event: Event): HeatPlace | null => {
    const cell = event.target instanceof Element ? event.target.closest('button') : null;
    return cell === null ? null : [Number(cell.dataset.row), Number(cell.dataset.column)];
  };
  const go = (next: HeatPlace) => {
    setPlace(next);
    const cell = table.current?.querySelector<HTMLElement>(`button[data-row="${next[0]}"][data-column="${next[1]}"]`);
    cell?.focus();
  };
  const open = ([row, nth]: HeatPlace) => {
    setPlace([row, nth]);
    const session = rows[row]?.cells[nth];
    if (session != null) onOpen(session);
  };
  const press = (event: KeyboardEvent) => {
    const at = cellAt(event);
    if (at === null) return;
    const next = placeAfterKey(event.key, at, heat);
    if (next !== null) go(next);
    if (next !== null) event.preventDefault();
  };
  const later = (
    <button type="button" disabled={onLater === null} onClick={() => onLater?.()}>
      Later →
    </button>
  );
  // Before the first session there is a way back.
  if (rounds.length === 0) return onLater === null ? <p>No session yet.</p> : <div class="heat-foot">{later}</div>;
  return (
    <div class="heat-map">
      <div class="scroll" ref={scroll}>
        <div
          ref={table}
          class="heat-cells"
          role="grid"
          tabIndex={-1}
          aria-label="Sessions, by vantage and round"
          onClick={(event) => {
            const at = cellAt(event);
            if (at !== null) open(at);
          }}
          onKeyDown={press}
        >
          {rows.map(({ vantage, cells }, row) => (
            <div key={vantage} role="row" tabIndex={-1} class="heat-row">
              <span role="rowheader" tabIndex={-1}>
                {vantage}
              </span>
              {cells.map((session, nth) => (
                <HeatCell
                  key={rounds[nth]}
                  session={session}
                  words={cellWords(vantage, rounds[nth] ?? 0, session)}
                  row={row}
                  column={nth}
                  isPlace={row === place[0] && nth === column}
                  isOpen={session !== null && opened.includes(session)}
                />
              ))}
            </div>
          ))}
        </div>
      </div>
      <div class="heat-foot">
        <button type="button" disabled={onEarlier === null} onClick={() => onEarlier?.()}>
          ← Earlier
        </button>
        <span class="note" title={`${utcText(rounds[0] ?? 0)} to ${utcText(rounds.at(-1) ?? 0)}`}>
          {secondInWords(rounds[0] ?? 0)} to {secondInWords(rounds.at(-1) ?? 0)}
        </span>
        {later}
      </div>
      <p class="note">
        Low and green: passed; higher: warned; full height with a notch: failed; a flat line: the vantage could not
        probe; blank: no session. Arrow keys go from cell to cell, Enter opens the session.
      </p>
    </div>
  );
}

interface Cell {
  readonly session: Session | null;
  readonly words: string;
  readonly row: number;
  readonly column: number;
  /** The cell that Tab leads to. */
  readonly isPlace: boolean;
  readonly isOpen: boolean;
}

function HeatCell({ session, words, row, column, isPlace, isOpen }: Cell) {
  return (
    <button
      type="button"
      role="gridcell"
      class={`${session?.outcome ?? 'none'}${isOpen ? ' opened' : ''}`}
      tabIndex={isPlace ? 0 : -1}
      data-row={row}
      data-column={column}
      aria-selected={isOpen}
      aria-label={words}
      title={words}
    />
  );
}

function cellWords(vantage: string, at: number, session: Session | null): string {
  if (session === null) return `${vantage}, ${secondInWords(at)}: no session`;
  return `${vantage}, ${secondInWords(at)}: ${sessionOutcome(session)}, ${latencyText(session.total)}`;
}
