/** Targets by their first tag. What is well is folded: a whole group, or the rest of one. */

import { WORST_VERDICT_FIRST } from '../../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type { TargetSnapshot } from '../../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../../markup/html.ts';
import { mark } from '../marks.ts';
import { percentText, VERDICT_WORDS, worstTargetsFirst } from '../words.ts';
import { targetRow } from './target-row.ts';

interface Group {
  /** Null: without a tag. */
  readonly tag: string | null;
  readonly targets: readonly TargetSnapshot[];
}

/** Up to this number of targets on the page, no group is folded. */
const MOST_UNFOLDED = 12;

/** In a group with trouble, so many that are well are not folded. */
const MOST_WELL = 3;

export function targetGroups(targets: readonly TargetSnapshot[]): Html {
  const isFolded = targets.length > MOST_UNFOLDED;
  const groups = groupsOf(targets).map((group, nth) => groupSection(group, nth, isFolded));
  return html`${isFolded ? filterBox(targets.length) : null}${groups}`;
}

/** Works by script, which shows it. */
function filterBox(number: number): Html {
  return html`<form class="toolbar" id="filter" role="search" hidden><label for="filter-text">Find among ${number} mail servers</label><input id="filter-text" type="search" autocomplete="off" spellcheck="false"><span id="filter-count" class="note" role="status"></span></form>`;
}

/** Groups with trouble come first. A target is in the group of its first tag. */
function groupsOf(targets: readonly TargetSnapshot[]): readonly Group[] {
  const byTag = new Map<string | null, TargetSnapshot[]>();
  for (const target of targets) {
    const tag = target.tags[0] ?? null;
    byTag.set(tag, [...(byTag.get(tag) ?? []), target]);
  }
  const groups = [...byTag].map(([tag, own]) => ({ tag, targets: worstTargetsFirst(own) }));
  return groups.toSorted((a, b) => Number(isWell(a)) - Number(isWell(b)));
}

function isWell({ targets }: Group): boolean {
  return targets.every(({ verdict }) => verdict === 'up');
}

function groupSection(group: Group, nth: number, canFold: boolean): Html {
  const { tag, targets } = group;
  const title = tag ?? (nth === 0 ? 'Mail servers' : 'Other mail servers');
  // When the page is updated, a part with an id stays the same part.
  const id = tag === null ? 'untagged' : `group-${tag.replace(/\s+/g, '-')}`;
  if (!canFold) return html`<section class="group" id="${id}"><h2>${title}</h2>${rows(targets)}</section>`;
  const content = isWell(group) ? rows(targets) : rowsOfTrouble(targets, `rest-of-${id}`);
  const open = isWell(group) ? null : html` open`;
  return html`<details class="group" id="${id}"${open}><summary><h2>${title}</h2><span class="counts">${counts(targets)}</span>${lowestUptime(targets)}</summary>${content}</details>`;
}

function rows(targets: readonly TargetSnapshot[]): Html {
  return html`<div class="rows">${targets.map((target) => targetRow(target))}</div>`;
}

/** Those that are not well, and the others folded. */
function rowsOfTrouble(targets: readonly TargetSnapshot[], id: string): Html {
  const [troubled, well] = [false, true].map((up) => targets.filter(({ verdict }) => (verdict === 'up') === up));
  if (troubled === undefined || well === undefined || well.length <= MOST_WELL) return rows(targets);
  return html`${rows(troubled)}<details class="rest" id="${id}"><summary>${well.length} more are up</summary>${rows(well)}</details>`;
}

/** `1 down, 24 up`, each with its mark. */
export function counts(targets: readonly TargetSnapshot[]): readonly Html[] {
  return WORST_VERDICT_FIRST.flatMap((verdict) => {
    const number = targets.filter((target) => target.verdict === verdict).length;
    return number === 0
      ? []
      : [html`<span class="count">${mark(verdict)} ${number} ${VERDICT_WORDS[verdict].toLowerCase()}</span> `];
  });
}

/** `lowest uptime 99.93 %`; nothing if none was watched. */
function lowestUptime(targets: readonly TargetSnapshot[]): Html | null {
  const shares = targets.flatMap(({ uptime }) => uptime ?? []);
  if (shares.length === 0) return null;
  const lowest = shares.reduce((a, b) => Math.min(a, b));
  return html`<span class="note">lowest uptime of ${targets[0]?.days.length ?? 0} days: ${percentText(lowest)}</span>`;
}
