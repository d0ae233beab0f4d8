/** What each line is, and its value where the reader points; and the same figures as a table. */
import { type ChartLines, type LineValues, rankOf } from '../../history/chart-lines.ts';
import { latencyText } from '../../history/latency-text.ts';
import { PHASE_LABELS } from '../../history/phase-labels.ts';
import { LINE_DASHES, lineClass } from './line-style.ts';
import { minuteInWords } from './time-words.ts';

interface Legend {
  readonly lines: ChartLines;
  /** Of the chart; null if the reader points nowhere. */
  readonly row: number | null;
}

export function ChartLegend({ lines: { times, lines, band }, row }: Legend) {
  const at = row === null ? undefined : times[row];
  const value = (values: LineValues) => (row === null ? null : (values[row] ?? null));
  const range = row === null || band === null ? null : [value(band.low), value(band.high)];
  return (
    <div class="legend">
      <ul>
        {lines.map(({ name, values }, nth) => (
          <li key={name}>
            <svg width="28" height="8" aria-hidden="true">
              <path
                class={lineClass(nth)}
                d="M0 4H28"
                stroke-dasharray={LINE_DASHES[nth % LINE_DASHES.length]?.join(' ')}
              />
            </svg>{' '}
            {PHASE_LABELS[name] ?? name}
            {value(values) === null ? null : <strong> {latencyText(value(values) ?? 0)}</strong>}
          </li>
        ))}
        {band === null ? null : (
          <li>
            <svg width="28" height="8" aria-hidden="true">
              <path class="band" d="M0 4H28" />
            </svg>{' '}
            median to 95th percentile of all vantages
            {range === null || range[0] == null || range[1] == null ? null : (
              <strong>
                {' '}
                {latencyText(range[0])} to {latencyText(range[1])}
              </strong>
            )}
          </li>
        )}
      </ul>
      <p class="note" aria-live="polite">
        {at === undefined ? ' ' : minuteInWords(at * 1000)}
      </p>
    </div>
  );
}

export function ChartFigures({ lines }: { readonly lines: ChartLines }) {
  return (
    <details>
      <summary>Figures</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys scroll it where it is too wide */}
      <section class="scroll" tabIndex={0} aria-label="Figures">
        <table class="figures">
          <thead>
            <tr>
              <td />
              {['lowest', 'median', '95th percentile', 'highest'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.lines.map(({ name, values }) => (
              <FigureRow
                key={name}
                name={PHASE_LABELS[name] ?? name}
                values={values.filter((value) => typeof value === 'number')}
              />
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

function FigureRow({ name, values }: { readonly name: string; readonly values: readonly number[] }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {[0, 0.5, 0.95, 1].map((share) => (
        <td key={share} class="number">
          {latencyText(rankOf(values, share) ?? 0)}
        </td>
      ))}
    </tr>
  );
}
