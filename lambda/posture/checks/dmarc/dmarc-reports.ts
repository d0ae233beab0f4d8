/** Where reports of DMARC go: RFC 9990 4. */

import type { RecordLookup } from '../../../dns/records/records.ts';
import type { PublishedRecord } from '../../../standards/dmarc/discovery.ts';
import { reportDomain } from '../../../standards/dmarc/record.ts';
import { authorizeReports, type ReportAuthorization } from '../../../standards/dmarc/report-authorization.ts';
import { txtRecord } from '../../../standards/zone-file.ts';
import { digCommand, noAnswer, type PostureFinding, postureFinding } from '../../finding.ts';
import { hostAddresses } from '../../mail-hosts.ts';
import type { PostureContext } from '../../posture-context.ts';
import { tagTexts } from './dmarc-tags.ts';

/** Destinations of reports that are looked up. */
const MOST_DESTINATIONS = 10;

export async function checkDmarcReports(
  { domain, record, text }: PublishedRecord,
  organizational: string,
  { lookup }: PostureContext,
): Promise<readonly PostureFinding[]> {
  const uris = [...new Set([...record.aggregateReports, ...record.failureReports])].slice(0, MOST_DESTINATIONS);
  const asked = await Promise.all(uris.map((uri) => authorizeReports(uri, domain, organizational, lookup)));
  const lost = await Promise.all(uris.map((uri) => undeliverable(uri, domain, lookup)));
  const none =
    record.aggregateReports.length > 0
      ? []
      : [
          postureFinding('dmarc-no-reports', 'dmarc', {
            subject: domain,
            detail: 'there is no rua=',
            publish: [
              txtRecord(`_dmarc.${domain}`, `${tagTexts(text).join('; ')}; rua=mailto:dmarc-reports@${domain}`),
            ],
          }),
        ];
  return [...none, ...asked.flatMap(reportFindings), ...lost.flat()];
}

function reportFindings(authorization: ReportAuthorization | null): readonly PostureFinding[] {
  if (authorization === null) return [];
  const { uri, state, name, detail } = authorization;
  if (state === 'unknown') return [noAnswer('dmarc', name, { kind: 'failed', detail })];
  if (state !== 'refused') return [];
  const publish = [txtRecord(name, 'v=DMARC1')];
  const command = digCommand('TXT', name);
  return [postureFinding('dmarc-reports-refused', 'dmarc', { subject: uri, detail, publish, command })];
}

/** A destination that accepts no mail: its domain has a null MX, neither MX nor address, or does not exist. */
async function undeliverable(uri: string, domain: string, lookup: RecordLookup): Promise<readonly PostureFinding[]> {
  const receiver = reportDomain(uri);
  const reason = receiver === null ? null : await refusal(receiver, lookup);
  if (receiver === null || reason === null) return [];
  const detail = `${receiver} ${reason}, so that reports of ${domain} are lost`;
  const command = digCommand('MX', receiver);
  return [postureFinding('dmarc-reports-undeliverable', 'dmarc', { subject: uri, detail, command })];
}

/** Why a domain accepts no mail; null if it does, or if a query was not answered. */
async function refusal(receiver: string, lookup: RecordLookup): Promise<string | null> {
  const answer = await lookup('MX', receiver);
  if (answer.kind === 'found') {
    return answer.values.every(({ host }) => host === '' || host === '.') ? 'accepts no mail (null MX)' : null;
  }
  if (answer.kind === 'failed') return null;
  if (!answer.exists) return 'does not exist';
  const { addresses, failure } = await hostAddresses(receiver, lookup);
  return addresses.length === 0 && failure === null ? 'has neither an MX record nor an address' : null;
}
