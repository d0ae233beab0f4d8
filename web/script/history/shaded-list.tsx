/** What is shaded in a chart, in words. Focus and pointer make its shade stronger. */
import { incidentLink } from '../../history/incident-link.ts';
import type { ShadedTime } from '../../history/shaded-times.ts';
import { spanInWords } from './time-words.ts';

interface ShadedList {
  readonly shades: readonly ShadedTime[];
  readonly onChoose: (id: string | null) => void;
}

const MOST = 12;

export function ShadedList({ shades, onChoose }: ShadedList) {
  if (shades.length === 0) return <p class="note">No incident and no maintenance in this time.</p>;
  const shown = shades.slice(-MOST).reverse();
  return (
    <ul class="shaded">
      {shown.map((shade) => {
        const link = shade.kind === 'incident' ? incidentLink(shade.id) : null;
        const text = `${shade.words}, ${spanInWords(shade)}`;
        const handlers = {
          onFocus: () => onChoose(shade.id),
          onBlur: () => onChoose(null),
          onMouseEnter: () => onChoose(shade.id),
          onMouseLeave: () => onChoose(null),
        };
        return (
          <li key={shade.id} class={`shade-${shade.kind}`}>
            <svg width="16" height="12" aria-hidden="true">
              <path d={shade.kind === 'incident' ? 'M0 12L12 0M4 12L16 0' : 'M0 0L12 12M4 0L16 12'} />
            </svg>{' '}
            {link === null ? (
              <button type="button" {...handlers}>
                {text}
              </button>
            ) : (
              <a href={`../${link}`} {...handlers}>
                {text}
              </a>
            )}
          </li>
        );
      })}
      {shades.length > MOST ? <li class="note">and {shades.length - MOST} earlier ones</li> : null}
    </ul>
  );
}
