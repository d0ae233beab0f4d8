/** Requests of a link in mail: GET shows what it would do, because scanners follow links; POST does it. */
import { LINK_PATH, type LinkGrant, linkKeys, readLinkToken } from './acknowledge-link.ts';
import { type AnswerPorts, Refusal } from './answer-ports.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { pageOfAcknowledged, pageOfInvalid, pageOfOver, pageToAcknowledge } from './link-page.ts';

export async function showLink(ports: AnswerPorts, request: HttpRequest): Promise<HttpResponse> {
  const grant = await grantOf(ports, request);
  if (grant === null) return pageOfInvalid();
  const incident = await ports.findOpenIncident(grant.incident);
  if (incident === null) return pageOfOver(subjectOf(grant));
  const { acknowledged } = incident;
  if (acknowledged === undefined) return pageToAcknowledge(incident, grant.address);
  return pageOfAcknowledged(incident, acknowledged.by, acknowledged.at, acknowledged.by === grant.address);
}

export async function useLink(ports: AnswerPorts, request: HttpRequest): Promise<HttpResponse> {
  const grant = await grantOf(ports, request);
  if (grant === null) return pageOfInvalid();
  const done = await ports.acknowledge(grant.incident, grant.address, ports.now());
  switch (done.outcome) {
    case 'acknowledged':
    case 'already': {
      const { by, at } = done.acknowledged;
      return pageOfAcknowledged(done.incident, by, at, by === grant.address);
    }
    case 'over':
      return pageOfOver(subjectOf(grant));
    case 'busy':
      throw new Refusal(503, 'the verdict changed during the update');
    default:
      return done satisfies never;
  }
}

async function grantOf({ config, secret, now }: AnswerPorts, { path }: HttpRequest): Promise<LinkGrant | null> {
  const reference = config.answers?.linkKey;
  if (reference === undefined) return null;
  const token = path.slice(LINK_PATH.length);
  const keys = await secret(reference);
  const grant = readLinkToken(token, linkKeys(keys), now());
  if (grant !== null) return grant;
  // The process that makes links may have read a new key already.
  const again = await secret(reference, keys);
  return again === keys ? null : readLinkToken(token, linkKeys(again), now());
}

function subjectOf({ incident }: LinkGrant): string {
  return incident.slice(0, Math.max(0, incident.lastIndexOf('@')));
}
