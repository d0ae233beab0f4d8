/** The page of an incident: what people say of it, what happened when, how the vantages voted, the evidence, and who was told. */

import { durationText } from '../../lambda/alert/words/time-text.ts';
import type { Verdict } from '../../lambda/consensus/judgement/vote-and-verdict-definitions.ts';
import type {
  ChapterSnapshot,
  IncidentSnapshot,
  Snapshot,
  StatementSnapshot,
  WitnessSnapshot,
} from '../../lambda/reports/snapshot/snapshot.ts';
import { type Html, html } from '../markup/html.ts';
import { alertsSection } from './incident/alerts-table.ts';
import { stateText } from './incident/incident-words.ts';
import { postMortem } from './incident/post-mortem.ts';
import { saidText } from './incident/said.ts';
import { votesSection } from './incident/votes-diagram.ts';
import { page } from './layout.ts';
import { incidentPath, targetPath } from './paths.ts';
import { transcriptDetails } from './transcript-details.ts';
import { badge, exactTime, presentVerdict } from './words.ts';

export function incidentPage(snapshot: Snapshot, incident: IncidentSnapshot): string {
  const { target, opened, closed, statements, timeline, alerts } = incident;
  const main = html`
<h1>${target}: ${closed === null ? 'open incident' : 'ended incident'}</h1>
${summary(snapshot, incident)}
${statements.length === 0 ? null : html`<section><h2>Updates</h2>${statements.toReversed().map(statement)}</section>`}
<section><h2>Timeline</h2><ol class="timeline">${timeline.map(({ at, what }) => html`<li>${exactTime(at)} <span>${what}</span></li>`)}</ol></section>
<section><h2>Votes</h2>${votesSection(incident)}</section>
<section><h2>Evidence</h2>${evidenceOf(incident)}</section>
${alerts === null ? null : html`<section><h2>Alerts</h2>${alertsSection(alerts)}</section>`}
${postMortemSection(snapshot, incident)}`;
  return page(snapshot, {
    title: `${target}: incident of ${opened.slice(0, 10)} – ${snapshot.title}`,
    root: '../',
    main,
  });
}

function summary(snapshot: Snapshot, incident: IncidentSnapshot): Html {
  const { at } = snapshot;
  const { id, target, opened, closed, verdict, acknowledged } = incident;
  const length = durationText(Date.parse(closed ?? at) - Date.parse(opened));
  const isShown = presentVerdict(snapshot, target) !== null;
  const handled =
    closed === null
      ? 'Reminders and further steps are off until the incident ends.'
      : 'Reminders and further steps were off from then on.';
  const present = closed === null ? (presentVerdict(snapshot, target) ?? verdict) : null;
  return html`<p>${stateNow(present, verdict)} ${exactTime(opened)} ${closed === null ? 'until now' : html`to ${exactTime(closed)}`}, ${length}</p>
${acknowledged === null ? null : html`<p>Acknowledged${acknowledged.by === null ? null : ` by ${acknowledged.by}`}, ${exactTime(acknowledged.at)}. ${handled}</p>`}
<p class="note">${isShown ? html`<a href="../${targetPath(target)}">${target}</a> ` : null}<a href="../${incidentPath(id)}">Link to this incident</a> <code>${id}</code></p>`;
}

/** @param present of the target; null of an incident that has ended @param last the last bad one */
function stateNow(present: Verdict | null, last: Verdict): Html {
  if (present === 'up') return html`${badge('up')} again; the incident ends when that lasts. Was ${badge(last)}`;
  return present === null ? html`Was ${badge(last)}` : badge(present);
}

function statement(said: StatementSnapshot): Html {
  return html`<article class="said" id="update-${said.number}"><h3>${stateText(said.state)}</h3>${saidText(said)}</article>`;
}

function evidenceOf({ witnesses, chapters }: IncidentSnapshot): Html {
  if (witnesses.length === 0 && chapters.length === 0) return html`<p>No vantage has seen a failure.</p>`;
  const before = chapters.length === 0 ? null : html`<h3>Before</h3>${chapters.toReversed().map(chapter)}`;
  return html`${witnesses.map(evidence)}${before}`;
}

function chapter({ number, from, to, phase, code, witnesses }: ChapterSnapshot): Html {
  const what = [phase, code].filter((word) => word !== null).join(' ') || 'too few vantages voted';
  return html`<details><summary>Chapter ${number}: ${what}, ${exactTime(from)}${to === null ? null : html` to ${exactTime(to)}`}</summary>${witnesses.map(evidence)}</details>`;
}

function evidence({ vantage, from, to, phase, code, reply, detail, transcript }: WitnessSnapshot): Html {
  return html`<article class="evidence"><h3>${vantage}</h3>
<p>${phase === null ? 'No failure' : `Failed at ${phase}`}${code === null ? null : html` (<code>${code}</code>)`}${detail === null ? null : `: ${detail}`}</p>
<p class="note">First ${exactTime(from)}${to === null ? null : html`, last ${exactTime(to)}`}</p>
${reply === null ? null : html`<p>The server said: <q>${reply}</q></p>`}
${transcriptDetails(transcript)}
</article>`;
}

/** The lines are escaped one by one: a line feed within a text would be made visible. */
function postMortemSection({ at }: Snapshot, incident: IncidentSnapshot): Html {
  const lines = postMortem(incident, at).trimEnd().split('\n');
  return html`<section><h2>Post-mortem</h2><details class="words"><summary>Words for a post-mortem, as Markdown</summary><button type="button" class="copy" data-copy="post-mortem" hidden>Copy</button> <span class="note" role="status"></span><pre id="post-mortem" tabindex="0">${lines.map(
    (line) => html`${line}
`,
  )}</pre></details></section>`;
}
