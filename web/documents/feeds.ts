/** Incidents as Atom (RFC 4287) and as JSON Feed (https://www.jsonfeed.org/version/1.1/). */

import type { IncidentSnapshot, Snapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import { escapeForDisplay } from '../../lambda/smtp/bounds/escape.ts';
import { html } from '../markup/html.ts';
import { incidentPath } from '../pages/paths.ts';

const MOST_ENTRIES = 50;

export function atomFeed({ title, at, incidents }: Snapshot): string {
  const entries = incidents.slice(0, MOST_ENTRIES).map(
    (incident) => html`<entry>
<id>urn:smtp-quorum:${encodeURIComponent(incident.id)}</id>
<title>${titleOf(incident)}</title>
<updated>${updatedAt(incident)}</updated>
<published>${incident.opened}</published>
<link href="${incidentPath(incident.id)}"/>
<content type="text">${contentOf(incident)}</content>
</entry>
`,
  );
  return html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>urn:smtp-quorum:incidents</id>
<title>${title}</title>
<updated>${incidents.map(updatedAt).sort().at(-1) ?? at}</updated>
<author><name>smtp-quorum</name></author>
<link rel="self" href="incidents.atom"/>
${entries}</feed>
`.markup;
}

export function jsonFeed({ title, incidents }: Snapshot): object {
  return {
    version: 'https://jsonfeed.org/version/1.1',
    title,
    items: incidents.slice(0, MOST_ENTRIES).map((incident) => ({
      id: incident.id,
      url: incidentPath(incident.id),
      title: titleOf(incident),
      content_text: contentOf(incident),
      date_published: incident.opened,
      date_modified: updatedAt(incident),
    })),
  };
}

function titleOf({ target, closed, verdict }: IncidentSnapshot): string {
  return closed === null ? `${target} is ${verdict}` : `${target} recovered`;
}

function updatedAt({ closed, opened, timeline }: IncidentSnapshot): string {
  return closed ?? timeline.at(-1)?.at ?? opened;
}

function contentOf({ timeline }: IncidentSnapshot): string {
  return timeline.map(({ at, what }) => `${at} ${what}`).join('; ');
}

/** An SVG badge: two words beside each other. */
export function svgBadge(label: string, message: string, colour: string): string {
  const [left, right] = [widthOf(label), widthOf(message)];
  const width = left + right;
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${label}: ${message}"><title>${label}: ${message}</title><rect width="${left}" height="20" fill="#444c56"/><rect x="${left}" width="${right}" height="20" fill="${colour}"/><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle"><text x="${left / 2}" y="14">${label}</text><text x="${left + right / 2}" y="14">${message}</text></g></svg>
`.markup;
}

/** A character of 11 px Verdana is seven pixels wide on average. */
function widthOf(text: string): number {
  return Math.round(escapeForDisplay(text).length * 7) + 12;
}
