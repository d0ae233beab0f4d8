/**
 * The votes over time: rounds beside each other, vantages below each other, then the votes for `down` with the quorum, and the
 * verdict. Heights say what colours say, and a table says it in words.
 */

import type { IncidentSnapshot, VoteMoment, VotesSnapshot } from '../../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../../markup/html.ts';
import { exactTime, utcSecond } from '../words.ts';
import { cellText, countOfVotes, VOTES_GONE, verdictText, votesIn } from './incident-words.ts';

/** Columns are as wide as there is room for. */
const WIDTHS = { least: 8, most: 20, all: 720 } as const;
const ROW = 24;
/** Columns in place of what is left out. */
const GAP = 3;

const HEIGHTS = { pass: 7, up: 7, warn: 12, degraded: 12, fail: 20, down: 20, unable: 3, unknown: 3 } as const;

type Timed = Pick<IncidentSnapshot, 'opened' | 'closed' | 'votes'>;

export function votesSection({ opened, closed, votes }: Timed): Html {
  if (votes === null)
    return html`<p>The page has the votes of the newest incidents alone. <code>npx smtp-quorum incident</code> has those of others, too.</p>`;
  if (votes.moments.length === 0) return html`<p>${VOTES_GONE}</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Votes over time"><table class="votes">
${votes.vantages.map((vantage, nth) => row(vantage, votes, (moment, width) => vantageCell(moment, nth, width), vantageLabel(votes, nth), { opened, closed }))}
${row('Votes for down', votes, (moment, width) => countCell(moment, votes.vantages.length, width), countLabel(votes), { opened, closed })}
${row('Verdict', votes, verdictCell, verdictLabel(votes), { opened, closed })}
</table></div>
<p class="note">${spanText(votes)} A high column is a failure, a half-high one a warning, a low one a pass, a flat one a vantage that could not probe; without a column there was no session. A line below a column: the vantage votes down. Of the votes, the columns count those for down, and the line is the quorum. Dotted lines are the beginning and the end of the incident.</p>
<details><summary>Votes as a table</summary>${votesTable(votes)}</details>`;
}

type Edges = Pick<IncidentSnapshot, 'opened' | 'closed'>;

function row(
  title: string,
  votes: VotesSnapshot,
  cell: (moment: VoteMoment, width: number) => Html,
  label: string,
  edges: Edges,
): Html {
  const { moments, gap } = votes;
  const cellWidth = widthOf(votes);
  const width = (moments.length + (gap === null ? 0 : GAP)) * cellWidth;
  const cells = moments.map(
    (moment, nth) =>
      html`<g transform="translate(${columnOf(nth, gap) * cellWidth} 0)"><title>${utcSecond(moment.at)}</title>${cell(moment, cellWidth)}</g>`,
  );
  const lines = [edges.opened, edges.closed].flatMap((at) => edge(votes, at));
  return html`<tr><th scope="row">${title}</th><td><svg width="${width}" height="${ROW}" viewBox="0 0 ${width} ${ROW}" role="img" aria-label="${label}">${lines}${cells}</svg></td></tr>`;
}

function widthOf({ moments, gap }: VotesSnapshot): number {
  const fitting = Math.floor(WIDTHS.all / (moments.length + (gap === null ? 0 : GAP)));
  return Math.min(WIDTHS.most, Math.max(WIDTHS.least, fitting));
}

function columnOf(nth: number, gap: number | null): number {
  return gap !== null && nth >= gap ? nth + GAP : nth;
}

/** Before the first round from this time on. */
function edge(votes: VotesSnapshot, at: string | null): readonly Html[] {
  const nth = at === null ? -1 : votes.moments.findIndex((moment) => moment.at >= at);
  if (nth <= 0) return [];
  const x = columnOf(nth, votes.gap) * widthOf(votes) - 0.5;
  return [html`<path class="edge" d="M${x} 0v${ROW}"/>`];
}

function vantageCell({ outcomes, votes }: VoteMoment, nth: number, width: number): Html {
  const outcome = outcomes[nth] ?? null;
  return html`${outcome === null ? null : block(outcome, width)}${votes[nth] === 'down' ? html`<rect class="cast" x="0" y="${ROW - 2}" width="${width}" height="2"/>` : null}`;
}

function block(kind: keyof typeof HEIGHTS, width: number): Html {
  const height = HEIGHTS[kind];
  return html`<rect class="${kind}" x="0.5" y="${ROW - 3 - height}" width="${width - 1}" height="${height}"/>`;
}

function countCell(moment: VoteMoment, vantages: number, width: number): Html {
  const share = (count: number) => Math.round((count / Math.max(1, vantages)) * (ROW - 4));
  const [bar, needed] = [share(votesIn(moment).down), share(moment.needed)];
  return html`${bar === 0 ? null : html`<rect class="count" x="0.5" y="${ROW - bar}" width="${width - 1}" height="${bar}"/>`}<rect class="quorum" x="0" y="${ROW - needed - 1}" width="${width}" height="1"/>`;
}

function verdictCell({ verdict }: VoteMoment, width: number): Html {
  return verdict === null ? html`` : block(verdict, width);
}

function vantageLabel({ moments }: VotesSnapshot, nth: number): string {
  const failed = moments.filter(({ outcomes }) => outcomes[nth] === 'fail').length;
  const down = moments.filter(({ votes }) => votes[nth] === 'down').length;
  return `${moments.length} rounds, ${failed} failed, votes down after ${down}`;
}

function countLabel({ moments }: VotesSnapshot): string {
  const quorum = moments.filter((moment) => votesIn(moment).down >= moment.needed).length;
  return `a quorum for down after ${quorum} of ${moments.length} rounds`;
}

function verdictLabel({ moments }: VotesSnapshot): string {
  const down = moments.filter(({ verdict }) => verdict === 'down').length;
  return `down after ${down} of ${moments.length} rounds`;
}

function spanText({ moments, gap }: VotesSnapshot): Html {
  const at = (nth: number) => exactTime(moments.at(nth)?.at ?? '');
  const omitted = gap === null ? null : html`; ${at(gap - 1)} to ${at(gap)} is left out`;
  return html`${at(0)} to ${at(-1)}${omitted}.`;
}

function votesTable({ vantages, moments, gap }: VotesSnapshot): Html {
  const columns = vantages.length + 3;
  const rows = moments.map((moment, nth) => {
    const omitted = nth === gap ? html`<tr><td colspan="${columns}">rounds that are left out</td></tr>` : null;
    const cells = vantages.map((_, place) => html`<td>${cellText(moment, place)}</td>`);
    return html`${omitted}<tr><th scope="row">${exactTime(moment.at)}</th>${cells}<td>${countOfVotes(moment)}</td><td>${verdictText(moment)}</td></tr>`;
  });
  const head = ['Round', ...vantages, 'Votes for down', 'Verdict'].map((name) => html`<th scope="col">${name}</th>`);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Votes as a table"><table class="rounds"><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
