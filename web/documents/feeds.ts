/** Incidents as Atom (RFC 4287) and as JSON Feed (https://www.jsonfeed.org/version/1.1/). */

import { safeText } from '../../lambda/alert/words/safe-text.ts';
import type { IncidentSnapshot, Snapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import { escapeForDisplay } from '../../lambda/smtp/bounds/escape.ts';
import { type Html, html } from '../markup/html.ts';
import { stateText } from '../pages/incident/incident-words.ts';
import { incidentPath } from '../pages/paths.ts';
import { stateOfIncident } from '../pages/words.ts';
import { type IncidentUpdate, incidentUpdates } from './incident-updates.ts';

const MOST_ENTRIES = 50;
/** Characters of a line. */
const LONGEST = 2100;

export function atomFeed(snapshot: Snapshot): string {
  const { title, url, at, incidents } = snapshot;
  const entries = incidents.slice(0, MOST_ENTRIES).map(
    (incident) => html`<entry>
<id>urn:smtp-quorum:${escapedId(incident.id)}</id>
<title>${titleOf(snapshot, incident)}</title>
<updated>${incident.updated}</updated>
<published>${incident.opened}</published>
<link rel="alternate" type="text/html" href="${placeOf(url, incidentPath(incident.id))}"/>
<content type="html">${contentOf(incident).markup}</content>
</entry>
`,
  );
  return html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>${url === null ? 'urn:smtp-quorum:incidents' : placeOf(url, 'incidents.atom')}</id>
<title>${title}</title>
<updated>${latest(incidents) ?? at}</updated>
<author><name>smtp-quorum</name></author>
<link rel="self" type="application/atom+xml" href="${placeOf(url, 'incidents.atom')}"/>
<link rel="alternate" type="text/html" href="${placeOf(url, 'index.html')}"/>
${entries}</feed>
`.markup;
}

export function jsonFeed(snapshot: Snapshot): object {
  const { title, url, incidents } = snapshot;
  return {
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: placeOf(url, 'index.html'),
    feed_url: placeOf(url, 'incidents.json'),
    items: incidents.slice(0, MOST_ENTRIES).map((incident) => ({
      id: incident.id,
      url: placeOf(url, incidentPath(incident.id)),
      title: titleOf(snapshot, incident),
      content_text: textOf(incident),
      date_published: incident.opened,
      date_modified: incident.updated,
    })),
  };
}

/** A reader of a feed may not know where it is from: JSON Feed says that addresses are whole ones. */
function placeOf(url: string | null, path: string): string {
  return url === null ? path : url + path;
}

/** Also of a name that is no text in UTF-8. */
function escapedId(id: string): string {
  return encodeURIComponent(escapeForDisplay(id));
}

function latest(incidents: readonly IncidentSnapshot[]): string | null {
  return (
    incidents
      .map(({ updated }) => updated)
      .sort()
      .at(-1) ?? null
  );
}

function titleOf(snapshot: Snapshot, incident: IncidentSnapshot): string {
  const { target, closed } = incident;
  return closed === null ? `${target} is ${stateOfIncident(snapshot, incident)}` : `${target} recovered`;
}

/** Newest first: a reader shows the beginning. Without line feeds, which would be made visible. */
function contentOf(incident: IncidentSnapshot): Html {
  return html`${incidentUpdates(incident).toReversed().map(updateHtml)}`;
}

function updateHtml({ at, isSaid, state, text }: IncidentUpdate): Html {
  const [first = '', ...others] = text.split('\n').filter((line) => line.trim() !== '');
  const heading = isSaid ? html`<strong>${stateText(state)}</strong> ` : null;
  const rest = others.map((line) => html`<p>${safeText(line, LONGEST)}</p>`);
  return html`<p><small>${at}</small> ${heading}${safeText(first, LONGEST)}</p>${rest}`;
}

function textOf(incident: IncidentSnapshot): string {
  const updates = incidentUpdates(incident).toReversed();
  const lines = ({ at, isSaid, state, text }: IncidentUpdate) =>
    `${at} ${isSaid ? `${stateText(state)}: ` : ''}${text
      .split('\n')
      .map((line) => safeText(line, LONGEST))
      .join('\n')}`;
  return updates.map(lines).join('\n');
}
