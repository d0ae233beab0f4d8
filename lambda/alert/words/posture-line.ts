/** The first line of an alert about the posture of a domain, or about a round trip: what was found, where it was seen, and since when. */
import type { Alert } from '../../consensus/judgement/incident.ts';
import type { PostureNews, ToldFinding } from '../../consensus/news/posture-news.ts';
import { safeText } from './safe-text.ts';
import { clockTime, durationText, millisecondsBetween } from './time-text.ts';

/** `example.com: 192.0.2.25 is listed on zen.spamhaus.org (127.0.0.3 CSS: source of spam), seen from 2 regions since 05:08 UTC: …`. */
export function postureLine(alert: Alert, news: PostureNews): string {
  const [first] = news.findings;
  const domain = safeText(alert.subject, 80);
  if (first === undefined) return `${domain}: ${safeText(alert.reason, 300)}`;
  const others = news.findings.length - 1 + news.more;
  const more = others === 0 ? '' : `, and ${others} more`;
  switch (alert.kind) {
    case 'listed':
      return `${listingText(first, domain, news.isReminder ? 'is still' : 'is')}${seenText(first)}${sinceText(first, alert)}${more}: receivers that use this list refuse its mail`;
    case 'delisted':
      return endText(listingText(first, domain, 'is no longer'), first, alert, more);
    case 'posture-over':
      return endText(`${domain}: ${subjectText(first, alert)}${safeText(first.code, 48)} is over`, first, alert, more);
    case 'trip':
      return `round trip ${domain}: ${safeText(first.detail, 200)} (${safeText(first.code, 48)})${sentText(first)}${sinceText(first, alert)}${more}`;
    case 'trip-over':
      return endText(
        `round trip ${domain}: ${safeText(first.code, 48)} is ${isWithdrawn(alert) ? 'no longer watched' : 'over, messages arrive'}`,
        { ...first, vantages: [] },
        alert,
        more,
      );
    default: {
      const still = news.isReminder ? 'still ' : '';
      return `${domain}: ${still}${subjectText(first, alert)}${safeText(first.detail, 200)} (${safeText(first.code, 48)})${seenText(first)}${sinceText(first, alert)}${more}`;
    }
  }
}

/** Nobody saw the end. */
export function isWithdrawn({ votes }: Alert): boolean {
  return votes.length === 0;
}

/** The answers of a list in a sentence, with their meaning. */
const ANSWER = /\b127\.\d{1,3}\.\d{1,3}\.\d{1,3}[^,;]*/;

function listingText({ subject, detail }: ToldFinding, domain: string, verb: string): string {
  const [listed = '', zone] = subject.split(' on ');
  const owner = listed === domain ? '' : `${domain}: `;
  const answer = ANSWER.exec(detail)?.[0];
  const codes = answer === undefined ? '' : ` (${safeText(answer, 60)})`;
  const place = zone === undefined ? 'a DNS list' : safeText(zone, 80);
  return `${owner}${safeText(listed, 80)} ${verb} listed on ${place}${verb === 'is no longer' ? '' : codes}`;
}

/** `192.0.2.25 on zen.spamhaus.org, and 2 more`, for a subject line. */
export function postureTitle({ findings, more }: PostureNews): string {
  const [first] = findings;
  if (first === undefined) return '';
  const others = findings.length - 1 + more;
  const title = first.subject.includes(' on ') ? first.subject : first.code;
  return `${safeText(title, 60)}${others === 0 ? '' : `, and ${others} more`}`;
}

/** What the finding is about, if neither the domain nor the sentence says it. */
function subjectText({ subject, detail }: ToldFinding, alert: Alert): string {
  return subject === alert.subject || detail.includes(subject) ? '' : `${safeText(subject, 100)}: `;
}

/** Vantages on AWS are regions. */
function seenText({ vantages }: ToldFinding): string {
  if (vantages.length === 0) return '';
  if (vantages.length === 1 && vantages[0] === 'local') return ', seen from this machine';
  return `, seen from ${vantages.length} ${vantages.length === 1 ? 'region' : 'regions'}`;
}

function sentText({ vantages }: ToldFinding): string {
  return vantages.length < 2 ? '' : `, sent from ${vantages.map((one) => safeText(one, 32)).join(' and ')}`;
}

function sinceText({ since }: ToldFinding, { at }: Alert): string {
  return ` since ${safeText(clockTime(since, at), 32)}`;
}

function endText(what: string, first: ToldFinding, alert: Alert, more: string): string {
  if (first.vantages.length === 0)
    return `${what}${more}${alert.reason === '' ? '' : `: ${safeText(alert.reason, 200)}`}`;
  const length = millisecondsBetween(first.since, alert.at);
  const lasted =
    length === null
      ? ''
      : `: it lasted ${durationText(length)}, from ${safeText(clockTime(first.since, alert.at), 32)}`;
  return `${what}${more}${seenText(first)}${lasted}`;
}
