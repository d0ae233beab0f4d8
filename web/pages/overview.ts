/** The first page: a sentence, the open incidents, and each target with its days. */

import type { Snapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../markup/html.ts';
import { page } from './layout.ts';
import { mark } from './marks.ts';
import { findingsSection, troublesSection } from './overview/findings.ts';
import { counts, targetGroups } from './overview/groups.ts';
import { endedIncidents, openIncidentCards } from './overview/incident-list.ts';
import { nextPlanned, presentPlanned } from './overview/planned.ts';
import { age, beginOfRound, headline } from './words.ts';

/** Ended incidents on the first page. */
const RECENT = 10;

export function overviewPage(snapshot: Snapshot): string {
  const { text } = headline(snapshot);
  const verdicts = new Map(snapshot.targets.map((target) => [target.id, target.verdict]));
  const open = snapshot.incidents.filter(({ closed }) => closed === null);
  const ended = snapshot.incidents.filter(({ closed }) => closed !== null).slice(0, RECENT);
  const main = html`
${sentence(snapshot)}
${open.length === 0 ? null : openIncidentCards(open, verdicts)}
${presentPlanned(snapshot.planned)}
${targetGroups(snapshot.targets)}
${findingsSection(snapshot.findings)}
${troublesSection(snapshot.troubles)}
${nextPlanned(snapshot.planned)}
<section id="past-incidents"><h2>Past incidents</h2>${endedIncidents(ended, open.length > 0, snapshot.targets)}</section>`;
  return page(snapshot, { title: `${text} – ${snapshot.title}`, root: '', main, here: 'index.html', isRenewed: true });
}

/** How all is, seen from where, and when. */
function sentence(snapshot: Snapshot): Html {
  const { verdict, text } = headline(snapshot);
  const { newestRound, targets } = snapshot;
  const seen = newestRound === null || verdict === 'unknown' ? null : html` ${age(beginOfRound(newestRound))}`;
  const isMixed = new Set(targets.map((target) => target.verdict)).size > 1;
  return html`<div id="sentence" class="headline ${verdict}">${mark(verdict)}<div><h1>${text}${seen}</h1>${isMixed ? html`<p class="counts">${counts(targets)}</p>` : null}</div></div>`;
}
